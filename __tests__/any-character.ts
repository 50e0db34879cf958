import fc from "fast-check";

/** Any code point, those of halves of a character included, and ASCII as often as all others. */
export const anyCodePoint = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0x10_ffff }))
  .map((code) => String.fromCodePoint(code));

/** The same without halves; the "binary" unit of fast-check, which it replaces, takes a second to set up. */
export const anyCharacter = anyCodePoint.filter((character) => !/\p{Surrogate}/u.test(character));
