/** What stands in place of a secret wherever requests are shown. */
export const REDACTED = "***";

const SECRET_NAME =
  /^(password|secret|accesskeysecret|access_token|sign|signature|token|sessionuuid|sessionid|verifycode|securitytoken|authorization|sendurl)$/i;
const SECRET_IN_TEXT =
  /([?&;,\s]|^)(access_token|sign|signature|secret|password|securitytoken)=([^&\s"'#]+)/gi;

/** True for a member, parameter or header whose value is a secret whatever it holds. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Text with the values of secret parameters (`access_token=…`, `sign=…`) taken out, also inside of a longer URL. */
export function redactText(text: string): string {
  return text.replace(SECRET_IN_TEXT, (_all, before: string, name: string) => `${before}${name}=${REDACTED}`);
}

/** Levels of a body that are shown: no call has as many, and a body may be nested as deep as it is long. */
const MAX_DEPTH = 32;

/**
 * A copy of a JSON value without secrets.
 * An empty secret stays empty: whether a client cleared a secret is a question that tests ask.
 */
export function redactValue(value: unknown, name = "", depth = 0): unknown {
  if (typeof value === "string") {
    return isSecretName(name) && value !== "" ? REDACTED : redactText(value);
  }
  if (typeof value === "object" && value !== null) {
    if (depth === MAX_DEPTH) {
      return "…";
    }
    if (Array.isArray(value)) {
      return value.map((item) => redactValue(item, name, depth + 1));
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redactValue(item, key, depth + 1)]),
    );
  }
  return isSecretName(name) && value !== null && value !== undefined ? REDACTED : value;
}

/** The decoded query as name → values, without secrets. */
export function redactQuery(query: URLSearchParams): Record<string, string[]> {
  // Names come from the client: `__proto__` and `constructor` are as good as any.
  const shown = new Map<string, string[]>();
  for (const [name, value] of query) {
    const values = shown.get(name) ?? [];
    values.push(isSecretName(name) && value !== "" ? REDACTED : redactText(value));
    shown.set(name, values);
  }
  return Object.fromEntries(shown);
}
