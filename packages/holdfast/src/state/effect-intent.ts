import { hash } from 'node:crypto';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { freezeJson } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { assertId, type EntityAddress } from '../scope/index.ts';
import { COLLECTION, type ItemPut, type ItemRecord, type Requirement } from '../store/index.ts';
import { schemaIssues } from './validation.ts';

/** What a recipe needs to know of an effect to intend one. */
export interface EffectKind<Input> {
  readonly name: string;
  readonly input: StandardSchemaV1<unknown, Input>;
  readonly concurrent: boolean;
  /** Whether it can be simulated, which is all that happens in a fork. */
  readonly simulate?: unknown;
}

/** An effect that a commit intends. */
export interface RecordedEffect {
  readonly name: string;
  readonly key: string;
  readonly input: unknown;
  readonly inputHash: string;
  readonly concurrent: boolean;
}

/** How far an effect is. `intended`: not started; `started`: somebody runs it; `unknown`: it may have happened, which reconciling finds out. */
export type EffectStatus = 'intended' | 'started' | 'unknown' | 'done' | 'failed';

/** The ledger's record of an effect: the body of the item `$effect/<name>/<key>`. */
export interface EffectRecord {
  readonly status: EffectStatus;
  readonly input: unknown;
  readonly inputHash: string;
  readonly intendedAt: number;
  /** How often `run` was started. */
  readonly runs: number;
  /** Intended in a fork: it is not run but simulated. */
  readonly simulated?: true;
  /** Of a done effect: what `run` or `reconcile` gave. */
  readonly output?: unknown;
  /** Of a failed or unknown one: why. */
  readonly error?: string;
}

/** The body of the item `$open/<name>` that each unsettled effect has: enough to find it and to know whether it is due without reading the ledger. */
export interface OpenEffect extends EntityAddress {
  readonly name: string;
  readonly key: string;
  /** Turns it has had: how often it was asked about, or failed to get on. Absent before the first one. */
  readonly turns?: number;
  /** Not before this, epoch ms by the store's clock, is it due again. Absent: due now. */
  readonly dueAt?: number;
}

/** Key of the effect's items in the ledger. */
export function ledgerKey(name: string, key: string): string {
  return `${name}/${key}`;
}

/** Key of the item that keeps a second effect of the name out while one is unsettled. */
export function openKey(effect: { readonly name: string; readonly key: string; readonly concurrent: boolean }): string {
  return effect.concurrent ? ledgerKey(effect.name, effect.key) : effect.name;
}

/** @throws {HoldfastError} INVALID_ID for the key; VALIDATION_FAILED when the input is not JSON or does not fit. */
export function recordEffect<Input>(entity: string, kind: EffectKind<Input>, key: string, input: Input): RecordedEffect {
  assertId(`key of effect ${kind.name}`, key);
  const issue = freezeJson(input);
  const issues = issue ? [issue] : schemaIssues(kind.input, input);
  if (issues) {
    const [first] = issues;
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `The input of effect ${kind.name} does not fit at ${first?.path.join('.') || '(root)'}: ${first?.message}.`,
      { entity, state: kind.name, issues },
    );
  }
  return { name: kind.name, key, input, inputHash: canonicalHash(input), concurrent: kind.concurrent };
}

/** SHA-256 over the canonical JSON of a value: keys sorted by code unit, no white space (RFC 8785 for the JSON that states are made of). */
export function canonicalHash(value: unknown): string {
  return hash('sha256', canonicalJson(value));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** What must hold for the effect to be intended: its key is new and no other one of the name is open. */
export function effectRequirements(eid: number, effect: RecordedEffect): readonly Requirement[] {
  return [
    { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, effect.key), rev: 'absent' },
    { eid, collection: COLLECTION.openEffect, key: openKey(effect), rev: 'absent' },
  ];
}

/** Why an effect may not be intended, seeing what stands in its place; undefined when it is in the ledger already, with the same input. */
export function effectRefusal(
  entity: string,
  intended: readonly RecordedEffect[],
  { collection, key }: Requirement,
  found: ItemRecord,
): HoldfastError | undefined {
  if (collection === COLLECTION.openEffect) {
    const open = JSON.parse(found.body) as OpenEffect;
    return new HoldfastError(
      'EFFECT_UNKNOWN',
      `Effect ${open.name} of ${entity} is not settled yet (key ${open.key}), so another one may not start. Wait for its outcome.`,
      { entity, effect: open.name, key: open.key, status: 'unsettled' },
    );
  }
  const { inputHash } = JSON.parse(found.body) as EffectRecord;
  const effect = intended.find((each) => ledgerKey(each.name, each.key) === key);
  if (!effect || inputHash === effect.inputHash) return undefined;
  return new HoldfastError(
    'IDEMPOTENCY_MISMATCH',
    `Effect ${effect.name} of ${entity} was intended under the key ${effect.key} with another input; use a new key.`,
    { entity, key: effect.key },
  );
}

/** The effect's records in the ledger. */
export function effectPuts(
  eid: number,
  { scope, id, origin }: EntityAddress & { readonly origin?: unknown },
  effect: RecordedEffect,
  now: number,
): readonly ItemPut[] {
  const record: EffectRecord = {
    status: 'intended',
    input: effect.input,
    inputHash: effect.inputHash,
    intendedAt: now,
    runs: 0,
    ...(origin !== undefined && { simulated: true }),
  };
  const open: OpenEffect = { name: effect.name, key: effect.key, scope, id };
  return [
    { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, effect.key), body: JSON.stringify(record) },
    { eid, collection: COLLECTION.openEffect, key: openKey(effect), body: JSON.stringify(open) },
  ];
}
