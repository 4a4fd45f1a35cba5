/** What a URL says, or `undefined` for a text that is none. Not by `URL.canParse`: compiled by Node 20 it refuses `ü` and its like. */
export function parsedUrl(written: string): URL | undefined {
  try {
    return new URL(written);
  } catch {
    // No URL: the caller says what that means.
    return undefined;
  }
}
