/**
 * What a text is made of, character by character: what is cut from its ends, what must not stand in it, and what only looks like a value.
 * Reasons are sentences for messages; none quotes the text.
 */

const SPACE = 0x20;

/**
 * A text without what the servers cut from its ends, in arguments and in answers alike: blanks, line breaks and other control characters,
 * everything up to U+0020 (Java's `String.trim`). What JavaScript's `trim` cuts beyond that, such as a no-break space, stays.
 */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= SPACE) {
    start++;
  }
  while (end > start && text.charCodeAt(end - 1) <= SPACE) {
    end--;
  }
  return text.slice(start, end);
}

/** Pulumi's own words for an Output that was made a string, by `toString` or `toJSON`. */
const OUTPUT = /Calling \[to\w+\] on an \[Output<T>\]/;
const OBJECT = /\[object [A-Z]\w*\]/;
const UNDEFINED = /(?<![\p{L}\p{N}])undefined(?![\p{L}\p{N}])/u;
const NOTHING = /^(?:undefined|null|NaN)$/;

/**
 * Why a text is certainly no value but what JavaScript makes of one: an Output, an object or a promise, or nothing at all, put into a
 * string. `undefined` when it is none.
 */
export function slipIn(text: string): string | undefined {
  if (OUTPUT.test(text)) {
    return "holds Pulumi's words for an Output that was put into a string, not its value. Write pulumi.interpolate`…` instead of `…`, or use .apply().";
  }
  if (OBJECT.test(text)) {
    return "holds [object …]: an object or a promise was put into a string. Put in one of its properties, or what the promise gives.";
  }
  if (isNothing(text)) {
    return `is the word ${text}: something without a value was made a string. Give the value, or leave the argument out.`;
  }
  return undefined;
}

/** Whether `undefined` stands in a text as a word of its own, as it does where something without a value was put into a string. */
export function holdsUndefined(text: string): boolean {
  return UNDEFINED.test(text);
}

/** Whether a text is what JavaScript makes of something without a value. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text);
}

/** What is said of a text in which nothing stands where a value belongs. */
export function nothingReason(word = "undefined"): string {
  return `holds the word ${word}: something without a value was put into a string. Give the value.`;
}

/** What a text of several lines may hold besides characters. */
const LINE_MARKS = /[\t\n\r]/g;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const HALF = /\p{Cs}/u;
/** What some servers cut from the ends of a text and others keep. `trimmed` has left nothing else. */
const DOUBTFUL_END = /^\s|\s$/u;

/** Why a trimmed text holds a character that a server would refuse, change, or cut off on its own; `undefined` when it does not. */
export function strayCharacterIn(text: string, { multiline }: { multiline: boolean }): string | undefined {
  if (HALF.test(text)) {
    return "holds one half of a character (a lone surrogate): it was cut in the wrong place. Cut between whole characters.";
  }
  const found = CONTROL.exec(multiline ? text.replace(LINE_MARKS, "") : text)?.[0];
  if (found !== undefined) {
    return multiline
      ? `must not contain control characters besides line breaks and tabs, but has ${codePointOf(found)}. Remove it.`
      : `must not contain line breaks or other control characters, but has ${codePointOf(found)}. Remove it.`;
  }
  const end = DOUBTFUL_END.exec(text)?.[0];
  if (end !== undefined) {
    return `must not begin or end with a blank other than the ordinary one, but has ${codePointOf(end)} there, which some servers keep and some cut off. Remove it.`;
  }
  return undefined;
}

// Letters that show nothing, and format characters that Unicode does not call ignorable.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]|(?![ \t\n\r])\s/u;

/** Why a trimmed text that is compared byte by byte, such as a token, is not what it seems: it holds a character that nobody sees. */
export function hiddenCharacterIn(text: string): string | undefined {
  const found = HIDDEN.exec(text)?.[0];
  return found === undefined
    ? undefined
    : `must not contain invisible characters, but has ${codePointOf(found)}. Copy it again, or type it.`;
}

const PLACEHOLDER_ANYWHERE = /…|\.{3}|\*{2}|x{6}|<[^<>]*>/i;
const PLACEHOLDER =
  /^(?:SEC)?(?:x+|\{.*\}|\[.*\]|%\w+%|\$\w+|to-?do|tbd|fixme|dummy|example|(?:change|replace)[-_ ]?me|place-?holder|(?:(?:your|my|the|insert|enter|paste|dingtalk|robot|access|signing)[-_ ]?)*(?:token|secret|webhook|key)(?:[-_ ]?here)?)$/i;

/** A text that `strayCharacterIn` has nothing to say of: doubtful ends are cut, and what must not stand in one line becomes a dash. */
export function plainOneLine(text: string): string {
  return text.trim().replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, "-");
}

/** Whether a token or secret is what examples put in its place: `xxxx`, `<token>`, `your-token`, `TODO`, `…`, or what a masked one shows. */
export function looksLikePlaceholder(text: string): boolean {
  return PLACEHOLDER_ANYWHERE.test(text) || PLACEHOLDER.test(text);
}

/** A text cut to a number of UTF-16 units, at a place where no character and no combination with its marks is torn apart. */
export function cutTo(maxUnits: number, text: string): string {
  if (text.length <= maxUnits) {
    return text;
  }
  const characters = [...text];
  let units = text.length;
  let kept = characters.length;
  const joins = (): boolean => {
    const next = characters[kept];
    return next !== undefined && (JOINING.test(next) || characters[kept - 1] === ZERO_WIDTH_JOINER);
  };
  while (kept > 0 && (units > maxUnits || joins())) {
    kept--;
    units -= characters[kept]?.length ?? 0;
  }
  return characters.slice(0, kept).join("");
}

const ZERO_WIDTH_JOINER = "\u200d";
const JOINING = /^(?:\p{M}|\p{Emoji_Modifier}|\u200d)/u;

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
