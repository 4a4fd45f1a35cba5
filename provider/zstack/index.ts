/** ZStack's notification service (SNS): the resources of this cloud, one line each. */
export {
  DingTalkEndpoint,
  type DingTalkEndpointArgs,
  type DingTalkEndpointInputs,
  type DingTalkEndpointState,
} from "./resources/dingtalk-endpoint";
