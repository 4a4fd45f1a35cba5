import { accessKey } from "./access-key";
import { job } from "./jobs";
import { managementNode } from "./management-node";
import { session } from "./session";

/**
 * The REST layer of a management node: routes, parameters, queries, jobs, sessions and access keys, errors. It knows no
 * kind of object: the parts of `kinds/` are handed to it.
 */
export const REST_PARTS = [managementNode, session, accessKey, job] as const;
