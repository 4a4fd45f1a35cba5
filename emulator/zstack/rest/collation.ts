/** How the database compares text (section 7): MySQL's utf8_general_ci. */

/** Scripts whose letters the collation takes for their base letter: é is e, as it is E. */
const WITH_BASE_LETTERS = /[\u00c0-\u052f\u1e00-\u1fff]/;

/** What a character weighs: its base letter, blind to case. */
function weight(character: string): string {
  const base = WITH_BASE_LETTERS.test(character) ? (character.normalize("NFD")[0] ?? character) : character;
  return base.toUpperCase()[0] ?? base;
}

/** Text that equals another one's exactly when the database takes them for equal: trailing spaces do not count. */
export function folded(value: unknown): string {
  const text = String(value);
  let end = text.length;
  while (end > 0 && text[end - 1] === " ") {
    end -= 1;
  }
  return weights(text.slice(0, end)).join("");
}

function weights(text: string): string[] {
  return Array.from(text, weight);
}

/**
 * An SQL pattern as a test: `%` any text, `_` one character, nothing added (section 7). A set of positions in the pattern
 * walks along the text once, so no pattern can take long.
 */
export function like(pattern: string): (value: unknown) => boolean {
  // Bit i of the positions: the first i characters of the pattern, without `%`, are matched.
  const masks = new Map<string, bigint>();
  let anyMask = 0n;
  let loops = 0n;
  let end = 1n;
  for (const character of pattern) {
    if (character === "%") {
      loops |= end;
      continue;
    }
    if (character === "_") {
      anyMask |= end;
    } else {
      masks.set(weight(character), (masks.get(weight(character)) ?? 0n) | end);
    }
    end <<= 1n;
  }
  return (value) => {
    let positions = 1n;
    for (const character of String(value)) {
      const mask = (masks.get(weight(character)) ?? 0n) | anyMask;
      positions = ((positions & mask) << 1n) | (positions & loops);
      if (positions === 0n) {
        return false;
      }
    }
    return (positions & end) !== 0n;
  };
}
