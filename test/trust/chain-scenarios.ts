/** Changes of topics and links, in the middle of which something is killed. */
import { uuid } from "../engine/support/lab";
import { linksTo, SIDES, topic } from "./chain-world";
import type { Scenario } from "./kill-points";

const zstack = { cloud: "zstack" } as const;
const OWN = uuid("d");
const FULL = { description: "night shift", locale: "zh_CN", enabled: false, userTags: ["duty", "night"] };
const OTHER = { name: "renamed", locale: "en_US", enabled: true, userTags: ["day", "duty"] };
const full = topic("full", FULL);
/** A topic and what joins it; its uuid is known to the program. */
const chain = [topic("chosen", { resourceUuid: OWN, enabled: false }), ...linksTo(OWN)];

export const CHAIN_SCENARIOS: readonly Scenario[] = [
  { name: "create of a topic with everything", before: [], after: [full], ...zstack },
  { name: "update of every field of a topic", before: [full], after: [topic("full", OTHER)], ...zstack },
  {
    name: "replacement of a topic with everything",
    before: [full],
    after: [full],
    options: { replace: ["full"] },
    ...zstack,
  },
  { name: "create of a topic and its links", before: [], after: chain, ...zstack },
  { name: "delete of a topic and its links", before: chain, after: [], ...zstack },
  {
    name: "replacement of every link",
    before: linksTo(SIDES.topics[0], 0),
    after: linksTo(SIDES.topics[0], 1),
    ...zstack,
  },
];
