import type { Operation } from "../operation";
import { ASSET_GROUP_OPERATIONS } from "./asset-group";
import { describeDataSource } from "./data-source";
import { dingTalkOnlineTest } from "./online-test";
import { ROBOT_OPERATIONS } from "./robot";
import { describeDingTalk } from "./robot-list";
import { describeVersionConfig } from "./version-config";

/** Every action that the emulated sites know, by name. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    describeDingTalk,
    ...ROBOT_OPERATIONS,
    dingTalkOnlineTest,
    describeDataSource,
    ...ASSET_GROUP_OPERATIONS,
    describeVersionConfig,
  ].map((operation) => [operation.name, operation]),
);
