/** One function per vendor action, under the vendor's name. The vendor's words for things end in the callers of these. */
export * from "./alarms";
export * from "./endpoints";
export * from "./management-node";
export * from "./sessions";
export * from "./tags";
export * from "./topics";
