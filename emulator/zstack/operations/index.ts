import type { Operation } from "../operation";
import { accessKeyOperations } from "./access-key";
import { alarmOperations } from "./alarm";
import { atPersonOperations } from "./at-person";
import { dingTalkEndpointOperations } from "./dingtalk-endpoint";
import { endpointOperations } from "./endpoint";
import { eventSubscriptionOperations } from "./event-subscription";
import { managementNodeOperations } from "./management-node";
import { otherEndpointOperations } from "./other-endpoints";
import { platformOperations } from "./platform";
import { sessionOperations } from "./session";
import { tagOperations } from "./tag";
import { testConnectionOperations } from "./test-connection";
import { topicOperations } from "./topic";

/** Every call that the emulated node knows, for all versions. */
export const OPERATIONS: readonly Operation[] = [
  ...managementNodeOperations,
  ...sessionOperations,
  ...accessKeyOperations,
  ...dingTalkEndpointOperations,
  ...atPersonOperations,
  ...testConnectionOperations,
  ...endpointOperations,
  ...otherEndpointOperations,
  ...topicOperations,
  ...alarmOperations,
  ...eventSubscriptionOperations,
  ...platformOperations,
  ...tagOperations,
];
