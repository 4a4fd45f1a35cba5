/**
 * Finds known values in text, however they were escaped for JSON and encoded for URLs, in any order and number of times.
 *
 * The values share one tree of their characters, so a search costs the length of the text and hardly depends on how many values there
 * are; adding one costs its own length.
 */

/** JSON within JSON, four deep. A bound, because a search over unbounded runs of backslashes takes quadratic time. */
const MAX_BACKSLASHES_PER_CHAR = 16;

/** A place in the tree: everything up to here was found. */
class Node {
  /** By UTF-16 code unit; a backslash is not among them. */
  readonly next = new Map<string, Node>();
  /** A run of so many backslashes is one step, because escaping only makes it longer. */
  readonly backslashes = new Map<number, Node>();
  isEnd = false;
}

/** One way to read the text at a position: what stands there, and where it ends. */
interface Reading {
  readonly units: string;
  readonly end: number;
}

/** A growing set of values to look for. */
export class SecretValues {
  private readonly root = new Node();

  add(value: string): void {
    let node = this.root;
    for (const [step] of value.matchAll(/\\+|[^\\]/gs)) {
      const isRun = step.startsWith("\\");
      const edges: Map<string | number, Node> = isRun ? node.backslashes : node.next;
      const edge = isRun ? step.length : step;
      const known = edges.get(edge) ?? new Node();
      edges.set(edge, known);
      node = known;
    }
    node.isEnd = true;
  }

  /** `text` with `mask` in place of every value; the longest one where several begin. */
  replaceIn(text: string, mask: string): string {
    let replaced = "";
    let done = 0;
    for (let start = 0; start < text.length; start++) {
      const end = this.mayBeginAt(text, start) ? this.endOfMatch(text, start) : undefined;
      if (end !== undefined) {
        replaced += text.slice(done, start) + mask;
        done = end;
        start = end - 1;
      }
    }
    return replaced + text.slice(done);
  }

  private mayBeginAt(text: string, position: number): boolean {
    const unit = text.charAt(position);
    return unit === "%" || unit === "\\" || unit === "+" || this.root.next.has(unit);
  }

  /** Where the longest value ends that begins at a position. */
  private endOfMatch(text: string, start: number): number | undefined {
    let longest: number | undefined;
    const seen = new Map<Node, Set<number>>();
    const open: [Node, number][] = [[this.root, start]];
    const go = (node: Node | undefined, position: number): void => {
      if (node === undefined || seen.get(node)?.has(position) === true) {
        return;
      }
      seen.set(node, (seen.get(node) ?? new Set()).add(position));
      open.push([node, position]);
    };
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const [node, position] = place;
      if (node.isEnd) {
        longest = Math.max(longest ?? 0, position);
      }
      for (const { units, end } of readingsAt(text, position)) {
        go(follow(node, units), end);
      }
      for (const [length, after] of node.backslashes) {
        for (const end of backslashesAt(text, position, length * MAX_BACKSLASHES_PER_CHAR)) {
          go(after, end);
        }
      }
    }
    return longest;
  }
}

function follow(from: Node, units: string): Node | undefined {
  let node: Node | undefined = from;
  for (let index = 0; index < units.length; index++) {
    node = node?.next.get(units.charAt(index));
  }
  return node;
}

/** Everything that may stand at a position, but for backslashes that mean themselves. */
function readingsAt(text: string, position: number): Reading[] {
  const unit = text.charAt(position);
  switch (unit) {
    case "":
      return [];
    case "%":
      return [
        { units: unit, end: position + 1 },
        ...percentDecoded(text, position),
        ...escaped(text, position),
      ];
    case "\\":
      return escaped(text, position);
    case "+":
      return [
        { units: unit, end: position + 1 },
        { units: " ", end: position + 1 },
      ];
    default:
      return [{ units: unit, end: position + 1 }];
  }
}

const LETTERS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
const ESCAPABLE = /^["'/`]$/;

/** Backslashes and what they escape: `\u00e9`, `\n`, `\"`. */
function escaped(text: string, position: number): Reading[] {
  const after = backslashesAt(text, position, MAX_BACKSLASHES_PER_CHAR).at(-1);
  if (after === undefined) {
    return [];
  }
  const code = /^u([0-9a-f]{4})/i.exec(text.slice(after, after + 5))?.[1];
  const letter = LETTERS[text.charAt(after)];
  return [
    ...(code === undefined ? [] : [{ units: String.fromCharCode(parseInt(code, 16)), end: after + 5 }]),
    ...(letter === undefined ? [] : [{ units: letter, end: after + 1 }]),
    ...[{ units: text.charAt(after), end: after + 1 }, ...percentDecoded(text, after)].filter(({ units }) =>
      ESCAPABLE.test(units),
    ),
  ];
}

/** Where a run of backslashes, plain or percent-encoded, ends after its first, its second, … up to `most`. */
function backslashesAt(text: string, position: number, most: number): number[] {
  const ends: number[] = [];
  let end = position;
  while (ends.length < most) {
    if (text.charAt(end) === "\\") {
      end += 1;
    } else {
      const encoded = byteAt(text, end);
      if (encoded?.byte !== BACKSLASH_BYTE) {
        break;
      }
      end = encoded.end;
    }
    ends.push(end);
  }
  return ends;
}

const BACKSLASH_BYTE = 0x5c;

/** What is percent-encoded at a position. `%2525` may be a percent sign that was encoded twice, or once and followed by digits. */
function percentDecoded(text: string, position: number): Reading[] {
  const first = byteAt(text, position);
  if (first === undefined) {
    return [];
  }
  const percentSigns: Reading[] = [];
  for (let end = position + 3; end < first.end; end += 2) {
    percentSigns.push({ units: "%", end });
  }
  const units = utf8At(text, first);
  return units === undefined ? percentSigns : [...percentSigns, units];
}

/** The character that begins with a byte. */
function utf8At(text: string, first: { readonly byte: number; readonly end: number }): Reading | undefined {
  const bytes = [first.byte];
  let { end } = first;
  const length = first.byte < 0x80 ? 1 : first.byte < 0xe0 ? 2 : first.byte < 0xf0 ? 3 : 4;
  while (bytes.length < length) {
    const next = byteAt(text, end);
    if (next === undefined) {
      return undefined;
    }
    bytes.push(next.byte);
    end = next.end;
  }
  return { units: Buffer.from(bytes).toString("utf8"), end };
}

/** A byte, percent-encoded any number of times: `%41`, `%2541`. */
function byteAt(text: string, position: number): { readonly byte: number; readonly end: number } | undefined {
  if (text.charAt(position) !== "%") {
    return undefined;
  }
  let digits = position + 1;
  // The last pair of digits is the byte: "25" itself only where no other follows.
  while (text.startsWith("25", digits) && isHex(text, digits + 2)) {
    digits += 2;
  }
  return isHex(text, digits)
    ? { byte: parseInt(text.slice(digits, digits + 2), 16), end: digits + 2 }
    : undefined;
}

function isHex(text: string, position: number): boolean {
  return /^[0-9a-f]{2}$/i.test(text.slice(position, position + 2));
}
