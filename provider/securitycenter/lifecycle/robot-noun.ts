/** What one robot is called in sentences. */
export const ROBOT = "DingTalk robot";
