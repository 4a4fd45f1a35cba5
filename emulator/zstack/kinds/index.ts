import { alarm } from "./alarm";
import { atPerson } from "./at-person";
import { endpoint } from "./endpoint";
import { eventSubscription } from "./event-subscription";
import { platform } from "./platform";
import { subscription } from "./subscription";
import { tag } from "./tag";
import { tagPattern } from "./tag-pattern";
import { topic } from "./topic";

/**
 * Kinds: what users of a management node make. One file per kind has everything of it: the row, its defaults, what a test
 * may say of it, how it is shown, what it is found by, and its calls (`kind.ts` has the form that most of them share).
 * A new kind is a file and a line here; a form of endpoints, a file and a line in `endpoint.ts`.
 */
export const KINDS = [
  endpoint,
  atPerson,
  topic,
  subscription,
  platform,
  tagPattern,
  tag,
  alarm,
  eventSubscription,
] as const;
