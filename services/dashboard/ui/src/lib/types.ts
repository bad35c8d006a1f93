/**
 * What the server's HTTP API sends and takes. Where an event of Kafka travels, its fields keep the names of the Avro
 * schemas (schemas/src/main/avro); columns of bytes are arrays of numbers, times are milliseconds since 1970 (UTC).
 */
export type * from './types/prompts';
export type * from './types/traces';
export type * from './types/circuits';
export type * from './types/validation';
export type * from './types/steering';
export type * from './types/features';
export type * from './types/operations';
export type * from './types/audit';
export type * from './types/access';
