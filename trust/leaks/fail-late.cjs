// Loaded into a command before anything else: something that nobody waits for goes wrong in the way of FAIL_LATE, and tells all that it knows.
const text = `cannot go on with ${JSON.stringify(process.env)}`;
const error = () => {
  const late = new TypeError(text);
  late.stack = `${late.stack}\n    at ${text}`;
  return late;
};
const ways = {
  throws() {
    throw error();
  },
  rejects: () => Promise.reject(error()),
  "throws a text"() {
    throw text;
  },
  // A library that has its say when the command is over.
  says() {
    process.once("beforeExit", () => console.warn(text, error()));
  },
};
setTimeout(ways[process.env.FAIL_LATE], 0);
