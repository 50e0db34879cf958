import { ora } from "./errors";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const punctuation = /^[-/,.;: ]$/;

function elementsOf(format: string): string[] {
  return format.match(/"[^"]*"|YYYY|RR|YY|MON|MM|DD|HH24|MI|SS|FF\d?|[-/,.;: ]|./gi) ?? [];
}

function isQuoted(element: string): boolean {
  return element.startsWith('"') && element.length > 1;
}

/** TO_CHAR of a date, for the elements that matter to machines. */
export function formatDate(date: Date, format: string): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, "0");
  const fraction = pad(date.getUTCMilliseconds(), 3);
  const elements: Record<string, () => string> = {
    YYYY: () => pad(date.getUTCFullYear(), 4),
    RR: () => pad(date.getUTCFullYear() % 100),
    YY: () => pad(date.getUTCFullYear() % 100),
    MON: () => months[date.getUTCMonth()]!,
    MM: () => pad(date.getUTCMonth() + 1),
    DD: () => pad(date.getUTCDate()),
    HH24: () => pad(date.getUTCHours()),
    MI: () => pad(date.getUTCMinutes()),
    SS: () => pad(date.getUTCSeconds()),
    FF: () => fraction.padEnd(6, "0"),
  };
  return elementsOf(format)
    .map((element) => {
      if (isQuoted(element)) return element.slice(1, -1);
      if (punctuation.test(element)) return element;
      const name = element.toUpperCase();
      if (/^FF\d$/.test(name)) return fraction.padEnd(9, "0").slice(0, Number(name[2]));
      const written = elements[name];
      if (!written) throw ora(1821, "date format not recognized");
      return written();
    })
    .join("");
}

/** How many digits an element takes at most. */
const digits: Readonly<Record<string, number>> = { YYYY: 4, MM: 2, DD: 2, HH24: 2, MI: 2, SS: 2, FF: 9 };

/**
 * TO_DATE and TO_TIMESTAMP. Stricter than Oracle: punctuation as in the format, and a year of four digits. What the format
 * leaves out is the first of this month, at midnight.
 *
 * @throws OracleError ORA-01821, ORA-01830, ORA-01840, ORA-01861 or one that names the part that does not exist
 */
export function parseDate(text: string, format: string): Date {
  const now = new Date();
  const parts: Record<string, number> = {
    YYYY: now.getUTCFullYear(),
    MM: now.getUTCMonth() + 1,
    DD: 1,
    HH24: 0,
    MI: 0,
    SS: 0,
    FF: 0,
  };
  let rest = text;
  const take = (pattern: RegExp): string => {
    if (rest === "") throw ora(1840, "input value not long enough for date format");
    const [found] = pattern.exec(rest) ?? [];
    if (found === undefined) throw ora(1861, "literal does not match format string");
    rest = rest.slice(found.length);
    return found;
  };
  for (const element of elementsOf(format)) {
    const name = element.toUpperCase().replace(/^FF\d$/, "FF");
    if (isQuoted(element) || punctuation.test(element)) {
      const literal = isQuoted(element) ? element.slice(1, -1) : element;
      if (!rest.startsWith(literal)) throw ora(1861, "literal does not match format string");
      rest = rest.slice(literal.length);
    } else if (name === "MON") {
      const month = months.indexOf(take(/^[a-z]{3}/i).toUpperCase());
      if (month < 0) throw ora(1843, "not a valid month");
      parts.MM = month + 1;
    } else if (name === "FF") {
      parts.FF = Math.floor(Number(take(/^\d{1,9}/).padEnd(9, "0")) / 1_000_000);
    } else {
      const width = digits[name];
      if (width === undefined) throw ora(1821, "date format not recognized");
      parts[name] = Number(take(new RegExp(name === "YYYY" ? "^\\d{4}" : `^\\d{1,${width}}`)));
    }
  }
  if (rest !== "") throw ora(1830, "date format picture ends before converting entire input string");
  return checkedDate(parts);
}

function checkedDate({ YYYY = 0, MM = 0, DD = 0, HH24 = 0, MI = 0, SS = 0, FF = 0 }: Record<string, number>): Date {
  if (YYYY === 0) throw ora(1841, "(full) year must be between -4713 and +9999, and not be 0");
  if (MM < 1 || MM > 12) throw ora(1843, "not a valid month");
  const date = new Date(0);
  date.setUTCFullYear(YYYY, MM - 1, DD);
  if (DD < 1 || DD > 31) throw ora(1847, "day of month must be between 1 and last day of month");
  if (date.getUTCMonth() !== MM - 1) throw ora(1839, "date not valid for month specified");
  if (HH24 > 23) throw ora(1850, "hour must be between 0 and 23");
  if (MI > 59) throw ora(1851, "minutes must be between 0 and 59");
  if (SS > 59) throw ora(1852, "seconds must be between 0 and 59");
  date.setUTCHours(HH24, MI, SS, FF);
  return date;
}
