import { sendsTo, topicsByUuid, type ActionOwnerInventory } from "../api";
import type { Lookup } from "../api/query";
import type { Link } from "./link";

/**
 * How the link from an alarm or event subscription to a topic is looked for: it is a member of its owner's inventory. An owner that is
 * gone has no link.
 *
 * @param owner what has the action, for example "alarm"
 */
export function topicAction(
  owner: string,
  lookup: Lookup<ActionOwnerInventory>,
): Pick<Link<never>, "isThere" | "missingSide"> {
  return {
    isThere: async (ctx, [ownerUuid, topicUuid], signal) => {
      const live = await ctx.connection.find(lookup, ownerUuid, signal);
      return live !== undefined && sendsTo(topicUuid)(live);
    },
    missingSide: async (ctx, [ownerUuid, topicUuid]) => {
      if ((await ctx.connection.find(lookup, ownerUuid)) === undefined) {
        return `${owner} ${ownerUuid}`;
      }
      const topic = await ctx.connection.find(topicsByUuid, topicUuid);
      return topic === undefined ? `topic ${topicUuid}` : undefined;
    },
  };
}
