import { trimmed } from "../plain-text";

/**
 * A value as far as a service shows it. One that is left out, cut off at its end, or masked with asterisks, and fits the recorded one, says
 * nothing more, so the recorded one stays: UNVERIFIED whether the services show webhooks and signing secrets in full (fact sheets 11).
 */
export function shownValue(live: string | null | undefined, recorded: string | undefined): string {
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
