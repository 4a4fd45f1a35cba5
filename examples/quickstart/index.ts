import * as pulumi from "@pulumi/pulumi";
import { securitycenter, zstack } from "pulumi-dingtalk";

const config = new pulumi.Config();

// Your own robot: pulumi config set --secret webhookUrl 'https://oapi.dingtalk.com/robot/send?access_token=…'
//                 pulumi config set --secret signingSecret 'SEC…'      (only if the robot asks for a signature)
const webhookUrl =
  config.getSecret("webhookUrl") ??
  "https://oapi.dingtalk.com/robot/send?access_token=0000000000000000000000000000000000000000000000000000000000000000";

// An alarm of your ZStack: pulumi config set alarmUuid <uuid>. It stays as it is, but for sending to the channel's topic.
const alarmUuid = config.get("alarmUuid");

const duty = new zstack.NotificationChannel("duty", {
  topic: { name: "Duty", description: "Alarms that somebody must see, managed by Pulumi" },
  endpoints: {
    officers: {
      name: "Duty officers",
      description: "Alarms of the private cloud, managed by Pulumi",
      webhookUrl,
      secret: config.getSecret("signingSecret"),
      atPersons: { "+86-13800000000": "duty officer", "+86-13900000000": "night shift" },
    },
  },
  alarms: alarmUuid === undefined ? {} : { cpu: alarmUuid },
});

export const dutyUuid = duty.endpointUuids.officers;

// Declared where a site of Security Center is configured: pulumi config set securitycenter:site china
const security =
  new pulumi.Config("securitycenter").get("site") === undefined
    ? undefined
    : new securitycenter.DingTalkRobot("security", {
        name: "Security team",
        webhookUrl,
        alertRules: [
          {
            type: securitycenter.AlertType.SUSPICIOUS,
            conditions: { item_level: ["serious", "suspicious"], event_type: ["all"] },
          },
          { type: securitycenter.AlertType.BASELINE, conditions: { item_level: ["high"] } },
        ],
      });

export const securityRobotId = security?.robotId;
