import * as pulumi from "@pulumi/pulumi";
import { zstack } from "pulumi-dingtalk";

const config = new pulumi.Config();

// Who is told when a storage pool runs full. `alarm.test.ts` fires the alarm and looks into the groups.
const storage = new zstack.NotificationChannel("storage", {
  topic: { description: "Alarms of the storage pools", locale: "en_US" },
  endpoints: {
    oncall: {
      webhookUrl: config.requireSecret("oncallWebhook"),
      secret: config.requireSecret("oncallSign"),
      atPersons: { "+86-13800000000": "storage on call" },
    },
    leads: {
      webhookUrl: config.requireSecret("leadsWebhook"),
      enabled: config.getBoolean("tellLeads") ?? false,
    },
  },
  alarms: { "pool-full": config.require("poolFullAlarm") },
});

export const topicUuid = storage.topicUuid;
