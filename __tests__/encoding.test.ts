import fc from "fast-check";
import { decodeText } from "../encoding";
import { anyCharacter } from "./any-character";

const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

const encodings: [string, (text: string) => Buffer][] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a byte order mark", (text) => Buffer.concat([utf8Mark, Buffer.from(text)])],
  ["UTF-16 LE with a byte order mark", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16 BE with a byte order mark", (text) => swapped(`\ufeff${text}`)],
];

test.each(encodings)("every text in %s is read", (_name, encode) => {
  const texts = fc.string({ unit: anyCharacter, maxLength: 30 }).filter((text) => !/^\ufeff|\0/.test(text));
  fc.assert(fc.property(texts, (text) => expect(decodeText(encode(text), "x")).toBe(text)));
});

test.each([
  ["UTF-16 LE", (text: string) => Buffer.from(text, "utf16le")],
  ["UTF-16 BE", swapped],
])("a text in %s without a byte order mark is read, as scripts and JSON begin", (_name, encode) => {
  for (const text of ['{"version":1}', "SET DEFINE OFF\r\n-- Größe\r\n", "eyJhbGciOiJSUzI1NiJ9.x.y"]) {
    expect(decodeText(encode(text), "x")).toBe(text);
  }
});

test.each([
  [
    "a Windows code page",
    Buffer.from('{"label":"Größe"}', "latin1"),
    /^x is not a text .* a Windows or ISO 8859 code page: save it as UTF-8/,
  ],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), /but UTF-32: save it as UTF-8/],
  ["an archive", Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x80, 0xff, 1]), /but binary: /],
  ["half a character of UTF-16", Buffer.from([0xff, 0xfe, 0x7b, 0, 0x22]), /but damaged UTF-16LE: /],
])("%s is named, and nothing of it printed", (_name, bytes, message) => {
  expect(() => decodeText(bytes, "x")).toThrow(message);
});
