/** Where Java and JavaScript differ over text: the server is written in Java (section 1). */

/** `String.trim()`: everything up to U+0020 goes, control characters included; a no-break space and a BOM stay. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) {
    start += 1;
  }
  while (end > start && text.charCodeAt(end - 1) <= 0x20) {
    end -= 1;
  }
  return text.slice(start, end);
}

/** What `Character.isWhitespace` of Java 8 calls white: not the no-break spaces U+00A0, U+2007 and U+202F. */
function isWhite(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code <= 0x20) {
    return (code >= 0x09 && code <= 0x0d) || code >= 0x1c;
  }
  return /[\u1680\u180e\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/.test(character);
}

/** `StringUtils.isBlank()`: nothing, or nothing but white space. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || Array.from(text).every(isWhite);
}

/** `equalsIgnoreCase()` with a text of ASCII letters: upper case, then lower case, letter by letter. */
export function equalsIgnoreCase(text: string, ascii: string): boolean {
  if (text.length !== ascii.length) {
    return false;
  }
  return [...ascii].every((letter, i) => {
    const upper = text.charAt(i).toUpperCase();
    return upper === letter.toUpperCase() || upper.toLowerCase() === letter.toLowerCase();
  });
}

const INT32_MAX = 2_147_483_647;

/** `Integer.parseInt()`, or `undefined` where it throws: more than 32 bits is no integer. */
export function parseInt32(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return value >= -INT32_MAX - 1 && value <= INT32_MAX ? value : undefined;
}
