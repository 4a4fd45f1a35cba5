import { topicsByUuid, type ActionOwnerInventory } from "../api";
import type { Lookup } from "../api/query";
import type { Link } from "./link";

/** What has an action: an alarm or an event subscription. */
export interface ActionOwner {
  /** For example "alarm". */
  readonly noun: string;
  readonly byUuid: Lookup<ActionOwnerInventory>;
  /** By its uuid and that of the topic it sends to. */
  readonly byAction: Lookup<ActionOwnerInventory>;
}

/** How the link from an alarm or event subscription to a topic is looked for. An owner that is gone has no link. */
export function topicAction({
  noun,
  byUuid,
  byAction,
}: ActionOwner): Pick<Link<never>, "lookup" | "missingSide"> {
  return {
    lookup: byAction,
    missingSide: async (ctx, [ownerUuid, topicUuid]) => {
      if ((await ctx.connection.find(byUuid, ownerUuid)) === undefined) {
        return `${noun} ${ownerUuid}`;
      }
      const topic = await ctx.connection.find(topicsByUuid, topicUuid);
      return topic === undefined ? `topic ${topicUuid}` : undefined;
    },
  };
}
