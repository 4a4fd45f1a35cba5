import { trimmed } from "../core/plain-text";

/**
 * The webhook as far as the list shows it. One that is cut before its token, or masked, and fits the recorded one says nothing more, so the
 * recorded one stays: UNVERIFIED whether the service shows it in full (sheet 11).
 */
export function shownWebhook(live: string | null | undefined, recorded: string | undefined): string {
  const shown = trimmed(live ?? "");
  if (recorded === undefined) {
    return shown;
  }
  const [head = "", ...rest] = shown.split(/\*+/);
  const tail = rest.at(-1) ?? "";
  const fits =
    rest.length === 0
      ? recorded.startsWith(shown)
      : recorded.length >= head.length + tail.length && recorded.startsWith(head) && recorded.endsWith(tail);
  return fits ? recorded : shown;
}
