import type { Dated } from "./entities";

/** The database's name of a resource type, as tags and error texts use it. */
export type ResourceType =
  | "SNSApplicationEndpointVO"
  | "SNSDingTalkAtPersonVO"
  | "SNSTopicVO"
  | "SNSApplicationPlatformVO"
  | "AlarmVO"
  | "EventSubscriptionVO"
  | "TagPatternVO";

/** Keeps the one table of all resources up to date, and the tags that hang on them (section 8). */
export interface ResourceHooks {
  added(row: { uuid: string }): void;
  gone(row: { uuid: string }): void;
}

/** What the tables of a store are built with. */
export interface StoreTools {
  uuid(): string;
  readonly accountUuid: string;
  now(): number;
  hex(digits: number): string;
  /** Dates for a new row: what was given, else now. */
  dates(row: Partial<Dated>): Dated;
  /** Notes that a row was changed. */
  touch(row: Dated): void;
  resource(type: ResourceType): ResourceHooks;
}

export const byUuid = (row: { uuid: string }): string => row.uuid;
