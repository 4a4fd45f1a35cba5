/**
 * A text as a URL; `undefined` when it is none. In place of `URL.canParse`, which in Node 20 calls valid URLs with Latin letters such as `ü`
 * invalid once it was called so often that it is compiled.
 */
export function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // That it is none is the answer.
    return undefined;
  }
}
