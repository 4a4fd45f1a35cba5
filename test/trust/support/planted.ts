/** Secrets that are planted to be looked for: as they are, percent-encoded, escaped for JSON, in base64, whole or in part. */

/** So long a piece of a secret counts as the secret. */
const PIECE_CHARS = 12;
/** Pieces begin at every so many characters: any leak of `PIECE_CHARS + STEP - 1` characters is found. */
const STEP = 3;
/** How often a text may be encoded. */
const MAX_ENCODINGS = 3;

export class Planted {
  private readonly pieces = new Map<string, string>();

  /**
   * Plants a secret and gives it back. `core` is its part that nothing else looks like; a webhook's is the token.
   */
  plant(name: string, value: string, core = value): string {
    for (let at = 0; at === 0 || at + PIECE_CHARS <= core.length; at += STEP) {
      this.pieces.set(core.slice(at, at + PIECE_CHARS), name);
    }
    for (const encoding of ["base64", "base64url"] as const) {
      this.pieces.set(Buffer.from(value).toString(encoding).replace(/=+$/, ""), `${name} in base64`);
    }
    return value;
  }

  /** How many secrets are planted, each counted once. */
  get size(): number {
    return new Set([...this.pieces.values()].map((name) => name.replace(/ in base64$/, ""))).size;
  }

  has(name: string): boolean {
    return [...this.pieces.values()].includes(name);
  }

  /** The names of the secrets that a text holds in clear, each with what stands around it. */
  foundIn(text: string): string[] {
    const found = new Map<string, string>();
    for (const form of decoded(text)) {
      for (const [piece, name] of this.pieces) {
        const at = form.indexOf(piece);
        if (at >= 0 && !found.has(name)) {
          found.set(name, form.slice(Math.max(0, at - 60), at + 60));
        }
      }
    }
    return [...found].map(([name, around]) => `${name}: …${around}…`);
  }
}

/** A text and everything it may be an encoding of. */
function decoded(text: string): Set<string> {
  const forms = new Set([text]);
  let latest = [text];
  for (let times = 0; times < MAX_ENCODINGS; times++) {
    latest = latest.flatMap((form) => [withoutPercent(form), withoutEscapes(form)]);
    for (const form of latest) {
      forms.add(form);
    }
    latest = [...new Set(latest)];
  }
  return forms;
}

function withoutPercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function withoutEscapes(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([^u])/g, "$1");
}

/** What a careless server writes into an error: each secret in every encoding that it may have met it in. */
export function echoOf(...secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => {
      const encoded = encodeURIComponent(secret);
      return [secret, encoded, encodeURIComponent(encoded), JSON.stringify(secret)];
    })
    .map((form) => `[${form}]`)
    .join(" ");
}
