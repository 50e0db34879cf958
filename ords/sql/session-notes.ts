import { type Fragment, fragment, when } from "./fragment";
import { indented } from "./plsql";

// What one block of a script tells the next. Variables end with their block; the namespace CLIENTCONTEXT lasts as long as the
// session, and every user may write it (DBMS_SESSION). It is in no transaction: a rollback leaves it.

const note = (name: string) => `'CLIENTCONTEXT', ${name}`;

export function setNote(name: string, ...value: readonly string[]): string[] {
  const [first = "NULL", ...rest] = value;
  return [`DBMS_SESSION.SET_CONTEXT(${note(name)},`, ...indented([first, ...rest])].map((line, index, { length }) =>
    index === length - 1 ? `${line});` : line,
  );
}

function readNote(name: string): string {
  return `SYS_CONTEXT(${note(name)}, 4000)`;
}

/** The note says how many there are; `NAME1` to `NAMEn` say which. */
export function noteList(name: string, query: readonly string[]): Fragment {
  return fragment(
    ["l_found"],
    [
      "l_found := 0;",
      "FOR t IN (",
      ...indented(query),
      ") LOOP",
      ...indented(["l_found := l_found + 1;", ...setNote(`'${name}' || l_found`, "t.name")]),
      "END LOOP;",
      ...setNote(`'${name}'`, "l_found"),
    ],
  );
}

/** Runs lines for each entry of a list that was not struck out, in `l_name`. */
export function forEachNoted(name: string, lines: readonly string[]): string[] {
  return [
    `FOR i IN 1 .. TO_NUMBER(${readNote(`'${name}'`)}) LOOP`,
    `  l_name := ${readNote(`'${name}' || i`)};`,
    ...indented(when("l_name IS NOT NULL", lines)),
    "END LOOP;",
  ];
}

/** Strikes out the entries of a list that are among `values`. */
export function strikeOut(name: string, values: readonly string[]): Fragment {
  return fragment(
    ["l_name"],
    forEachNoted(name, [
      "IF l_name IN (",
      ...indented(values.map((value, index) => (index < values.length - 1 ? `${value},` : value))),
      ") THEN",
      ...indented(setNote(`'${name}' || i`)),
      "END IF;",
    ]),
  );
}
