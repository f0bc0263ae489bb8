import { HoldfastError } from '../errors/index.ts';
import { assertId, type EntityAddress } from '../scope/index.ts';
import type { ItemRecord } from '../store/index.ts';

const MAX_TAGS = 16;
const MAX_TAG_CHARACTERS = 64;
const MAX_DESCRIPTION_CHARACTERS = 1_000;
/** Names that the automatic checkpoints have to themselves. */
const AUTOMATIC = /^auto-\d+$/;

export interface CheckpointOptions {
  /** Words to find it by: up to 16, each of up to 64 characters. */
  readonly tags?: readonly string[];
  /** Up to 1,000 characters. */
  readonly description?: string;
}

/** A named reference to the versions that an entity's states had at one moment. Costs a row, whatever the states' size. */
export interface Checkpoint {
  readonly name: string;
  /** By state name. */
  readonly versions: Readonly<Record<string, number>>;
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly tags: readonly string[];
  readonly description?: string;
  /** Of a checkpoint that was put on several entities at once: all of them, this one too. */
  readonly members?: readonly EntityAddress[];
}

/** What the item of a checkpoint holds. */
export type CheckpointBody = Omit<Checkpoint, 'name' | 'seq' | 'tags'> & { readonly tags?: readonly string[] };

export function toCheckpoint({ key, rev, body }: Pick<ItemRecord, 'key' | 'rev' | 'body'>): Checkpoint {
  return { name: key, seq: rev, tags: [], ...(JSON.parse(body) as CheckpointBody) };
}

/** Key of the checkpoint that is the so-manieth automatic one of its entity. */
export function automaticName(ordinal: number): string {
  return `auto-${ordinal}`;
}

/** What a caller says of a checkpoint, as it is stored. @throws {HoldfastError} INVALID_ID, INVALID_ARGUMENT. */
export function describedAs(name: string, { tags, description }: CheckpointOptions): Pick<CheckpointBody, 'tags' | 'description'> {
  assertId('checkpoint name', name);
  if (AUTOMATIC.test(name)) throw invalid('name', `The name ${name} is one of those that automatic checkpoints have; choose another one.`);
  if (tags && tags.length > MAX_TAGS) throw invalid('tags', `A checkpoint has up to ${MAX_TAGS} tags, not ${tags.length}.`);
  for (const tag of tags ?? []) {
    const isText = typeof tag === 'string' && tag.isWellFormed();
    if (!isText || tag.length === 0 || tag.length > MAX_TAG_CHARACTERS)
      throw invalid('tags', `A tag is a well-formed text of 1 to ${MAX_TAG_CHARACTERS} characters.`);
  }
  if (description !== undefined && (!description.isWellFormed() || description.length > MAX_DESCRIPTION_CHARACTERS))
    throw invalid('description', `A description is a well-formed text of up to ${MAX_DESCRIPTION_CHARACTERS} characters.`);
  return { ...(tags && tags.length > 0 && { tags: [...new Set(tags)] }), ...(description !== undefined && { description }) };
}

export function nameTaken(entity: string, name: string): HoldfastError {
  return invalid('name', `${entity} has a checkpoint called ${JSON.stringify(name)} already; checkpoints are never overwritten.`);
}

function invalid(argument: string, message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message, { argument });
}
