import type { Operation } from "../operation";
import { atPersonOperations } from "./at-person";
import { dingTalkEndpointOperations } from "./dingtalk-endpoint";
import { endpointOperations } from "./endpoint";
import { managementNodeOperations } from "./management-node";
import { sessionOperations } from "./session";
import { tagOperations } from "./tag";

/** Every call that the emulated node knows, for all versions. */
export const OPERATIONS: readonly Operation[] = [
  ...managementNodeOperations,
  ...sessionOperations,
  ...dingTalkEndpointOperations,
  ...endpointOperations,
  ...atPersonOperations,
  ...tagOperations,
];
