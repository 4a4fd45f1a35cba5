/** What one object is called in sentences. */
export const NOUN = "DingTalk robot";
