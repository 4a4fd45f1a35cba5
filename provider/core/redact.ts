/**
 * Takes secrets out of text before the engine prints or stores it: by their form, and by their exact value.
 *
 * The forms are a safety net for text from outside (a server's message, a library's error). Values that are known
 * belong in a `Redactor`, which finds them whatever stands around them.
 */

import { SecretValues } from "./secret-values";

/** What stands where a secret stood. */
export const MASK = "[redacted]";

/** A registered value shorter than this is ignored: masking it would tear ordinary words apart. */
export const MIN_REGISTERED_CHARS = 4;

/** Words that stand where a secret should: masking them would hide what is wrong. */
const NO_SECRETS: readonly string[] = ["undefined", "null", "true", "false"];

/** Masks registered values besides everything `redact` masks. */
export interface Redactor {
  /**
   * Registers a secret. From now on it is masked in plain, JSON-escaped and percent-encoded form, however often
   * encoded. Ignored: nothing, values shorter than `MIN_REGISTERED_CHARS`, parts of the mask itself, and words
   * such as `undefined`.
   */
  add(value: string | undefined): void;
  redact(text: string): string;
}

/** A redactor that knows no value yet. Values are never forgotten. */
export function createRedactor(): Redactor {
  const values = new SecretValues();
  return {
    add(value) {
      if (value === undefined || value.length < MIN_REGISTERED_CHARS || MASK.includes(value)) {
        return;
      }
      if (NO_SECRETS.includes(value)) {
        return;
      }
      values.add(value);
    },
    redact(text) {
      return redact(values.replaceIn(text, MASK));
    },
  };
}

/**
 * `text` without what looks like a secret: DingTalk tokens, signatures and signing secrets, passwords, access key
 * secrets, STS tokens, session ids, credentials in headers and URLs. Masking twice changes nothing more.
 *
 * Not masked: ids (uuids, access key ids, request ids), hosts and names, and secrets without a recognisable form.
 */
export function redact(text: string): string {
  // A mask can bring the next secret into view. Every round leaves fewer characters outside masks, so this ends.
  let current = text;
  let previous: string;
  do {
    previous = current;
    for (const maskForm of FORMS) {
      current = maskForm(current);
    }
  } while (current !== previous);
  return current;
}

/**
 * `text`, when it is longer than so many characters cut between two words: half a secret has neither the form nor the
 * value by which it could be masked later.
 */
export function shortened(text: string, maxChars: number): string {
  return text.length > maxChars ? `${text.slice(0, maxChars).replace(/\S*$/, "")}…` : text;
}

/** Members whose value is a secret, as the ends of names: `accessKeySecret`, `ZSTACK_ACCOUNT_PASSWORD`. */
const SECRET_NAME = [
  "secret(?:[_-]?(?:access)?[_-]?key)?",
  "password",
  "passwd",
  "access[_-]?token",
  "security[_-]?token",
  "bearer[_-]?token",
  "send[_-]?url",
  "webhook(?:[_-]?url)?",
  "authorization",
  // Whole names only, or "design=" would count. An encoded "&" or "?" before them ends in a hexadecimal digit.
  "(?:(?<![A-Za-z0-9_])|(?<=%(?:25)*[0-9A-Fa-f]{2}))(?:sign|signature)",
].join("|");

/** An equals sign, percent-encoded any number of times. */
const ENCODED_EQUALS = "%(?:25)*3D";

const CREDENTIAL_HEADER = "(?:proxy-)?authorization|x-acs-(?:security|bearer)-token|(?:set-)?cookie";

/** Each takes one kind of secret out of a text. The order matters: whole headers and strings before their parts. */
const FORMS: readonly ((text: string) => string)[] = [
  // Authorization: OAuth 0123…
  masking(`((?<![\\w-])(?:${CREDENTIAL_HEADER})\\s*:\\s*)[^\\s"'\`\\\\][^\\r\\n"'\`\\\\]*`, "$1"),
  // The same values on their own. Words that merely follow "Basic" or "OAuth" carry no digit.
  masking("(\\bACS3-[A-Z0-9-]+\\s+)[^\\s\"'`\\\\]+", "$1"),
  masking("(\\bOAuth\\s+)(?=[\\w-]*\\d)[\\w-]{8,}", "$1"),
  masking("(\\b(?:Basic|Bearer)\\s+)(?=[^\\s\"'`]*[\\d=])[\\w+/.~-]{8,}=*", "$1"),
  masking("(\\bZStack\\s+)[^\\s:\"'`/]+:(?!//)[A-Za-z0-9+/_-]{20,}=*", "$1"),
  // "password": "…", \"password\":\"…\" and password: '…'; an unfinished string counts to the end of the text.
  masking(
    `((?:${SECRET_NAME}|${CREDENTIAL_HEADER})(?:\\\\*["'\`])?\\s*[:=]\\s*)(\\\\*)(["'\`])(?:(?!(?<!\\\\)\\2\\3).)*((?<!\\\\)\\2\\3|$)`,
    "$1$2$3",
    "$4",
  ),
  maskQueryMembers,
  // https://user:password@host, also where the password holds a raw slash, and the same percent-encoded.
  masking("(\\b[a-z][a-z0-9+.-]{0,20}://)[^\\s/?#\"'`<>\\\\]+@", "$1", "@"),
  masking(
    "(\\b[a-z][a-z0-9+.-]{0,20}://)[^\\s/?#:@\"'`<>\\\\]*:(?!\\d+(?:[/?#]|$))[^\\s\"'`<>\\\\]{1,256}@",
    "$1",
    "@",
  ),
  masking(
    "(%(?:25)*3A(?:%(?:25)*2F){2})(?:(?!%(?:25)*(?:2F|3F|23|40))[^\\s/?#&\"'`<>\\\\])+(%(?:25)*40)",
    "$1",
    "$2",
  ),
  // DELETE /accounts/sessions/0123…
  masking("(/accounts/sessions/)[^\\s/?#\"'`<>\\\\]+", "$1"),
  // A DingTalk signing secret.
  masking("(?:(?<![A-Za-z0-9_])|(?<=%(?:25)*[0-9A-Fa-f]{2}))SEC[0-9a-f]{32,}", ""),
];

/** Replaces each match of `pattern` by the mask between `before` and `after` (replacement patterns). */
function masking(pattern: string, before: string, after = ""): (text: string) => string {
  const expression = new RegExp(pattern, "gis");
  return (text) => text.replace(expression, `${before}${MASK}${after}`);
}

const QUERY_MEMBER = new RegExp(`(?:${SECRET_NAME})(=|${ENCODED_EQUALS})`, "gi");

/** `access_token=…&`, `access_token%3D…%26`, `access_token%253D…%2526` and so on. */
function maskQueryMembers(text: string): string {
  let masked = "";
  let done = 0;
  for (const member of text.matchAll(QUERY_MEMBER)) {
    const start = member.index + member[0].length;
    if (member.index < done) {
      continue;
    }
    const end = endOfValue(text, start, ((member[1] ?? "=").length - 1) / 2);
    masked += text.slice(done, start) + (end > start ? MASK : "");
    done = end;
  }
  return masked + text.slice(done);
}

/** Text that was encoded more often than this is no text that anybody made; its separators are not looked for. */
const MAX_DEPTH = 32;

/**
 * Where the value that begins at `start` ends. Its separator is encoded as often as its equals sign (`depth`), or
 * less often; what is encoded more often belongs to the value.
 */
function endOfValue(text: string, start: number, depth: number): number {
  const mostBefore = Math.min(depth, MAX_DEPTH) - 1;
  const encoded = depth === 0 ? "" : `|%(?:25){0,${mostBefore}}(?:26|22)`;
  const separator = new RegExp(`[\\s&"'\`<>\\\\]${encoded}`, "gi");
  separator.lastIndex = start;
  return separator.exec(text)?.index ?? text.length;
}
