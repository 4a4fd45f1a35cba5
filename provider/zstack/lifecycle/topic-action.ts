import { topicsByUuid, type ActionOwnerLookups } from "../api";
import type { Link } from "./link";

/**
 * How the link from an alarm or event subscription to a topic is looked for. An owner that is gone has no link.
 *
 * @param owner what has the action, for example "alarm"
 */
export function topicAction(
  owner: string,
  { byUuid, byAction }: ActionOwnerLookups,
): Pick<Link<never>, "lookup" | "missingSide"> {
  return {
    lookup: byAction,
    missingSide: async (ctx, [ownerUuid, topicUuid]) => {
      if ((await ctx.connection.find(byUuid, ownerUuid)) === undefined) {
        return `${owner} ${ownerUuid}`;
      }
      const topic = await ctx.connection.find(topicsByUuid, topicUuid);
      return topic === undefined ? `topic ${topicUuid}` : undefined;
    },
  };
}
