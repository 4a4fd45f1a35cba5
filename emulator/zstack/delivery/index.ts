import { testConnection } from "./test-connection";

/**
 * Delivery: what becomes of an alarm or event that fires. `firing.ts` says who gets a message, `notice-text.ts` what it
 * says, `robot-message.ts` how DingTalk gets it; a test connection is the one call among it.
 */
export const DELIVERY_PARTS = [testConnection] as const;
