import * as pulumi from "@pulumi/pulumi";
import { zstack } from "pulumi-dingtalk";

const config = new pulumi.Config();

// Your own robot: pulumi config set --secret webhookUrl 'https://oapi.dingtalk.com/robot/send?access_token=…'
//                 pulumi config set --secret signingSecret 'SEC…'
const demoWebhook =
  "https://oapi.dingtalk.com/robot/send?access_token=0000000000000000000000000000000000000000000000000000000000000000";

const duty = new zstack.DingTalkEndpoint("duty", {
  name: "Duty officers",
  description: "Alarms of the private cloud, managed by Pulumi",
  webhookUrl: config.getSecret("webhookUrl") ?? demoWebhook,
  secret: config.getSecret("signingSecret") ?? "SEC-demo-signing-secret",
  atPersons: { "+86-13800000000": "duty officer", "+86-13900000000": "night shift" },
});

export const dutyUuid = duty.uuid;
