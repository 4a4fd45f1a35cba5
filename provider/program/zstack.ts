/** ZStack's notification service (SNS), as programs use it. */
export * from "./zstack-resources";
export { NotificationChannel, type NotificationChannelArgs } from "./notification-channel";
