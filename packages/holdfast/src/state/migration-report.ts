import type { ErrorCode } from '../errors/index.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import type { StateDefinition } from './definition.ts';

/** So many failures are listed; the others are only counted. */
const MAX_LISTED = 1_000;

/** Why a stored value cannot be used. */
export interface UnusableReason {
  /** MIGRATION_FAILED, VALIDATION_FAILED, CORRUPT_STATE or SECRET_UNREADABLE; CONCURRENT_MODIFICATION when others kept writing in an older version. */
  readonly code: ErrorCode;
  /** Where in the value, as far as it is known. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Of a damaged state: what `entity.readVersion` and `entity.acceptVersion` can go on from. */
  readonly lastGoodVersion?: number;
}

/** A version of a state that cannot be brought to its definition's version. */
export interface MigrationFailure extends UnusableReason {
  readonly entity: EntityAddress;
  readonly state: string;
  readonly version: number;
  /** Names of the checkpoints that hold this version. */
  readonly checkpoints: readonly string[];
  /** Whether it is what a fork began with, which merging it needs. */
  readonly isForkBase: boolean;
}

/** What a migration found of one definition. The first four count states by their newest version. */
export interface DefinitionMigration {
  readonly scope: Scope;
  readonly state: string;
  /** Of the definition. */
  readonly version: number;
  /** In the definition's version already. */
  readonly current: number;
  /** Migrated, or in a dry run: can be. */
  readonly migrated: number;
  /** Written by a newer definition; left alone. */
  readonly newer: number;
  readonly failed: number;
  /** Older versions that checkpoints hold or forks began with, and how many of them cannot be migrated. They are read and never rewritten. */
  readonly pinned: number;
  readonly failedPinned: number;
}

/** How far a migration is. */
export interface MigrationProgress {
  readonly entities: number;
  readonly states: number;
  readonly migrated: number;
  readonly failed: number;
}

export interface MigrationReport {
  readonly dryRun: boolean;
  readonly entities: number;
  /** In the order in which the definitions were given. */
  readonly definitions: readonly DefinitionMigration[];
  /** States in the store whose definition was not given. */
  readonly unknown: readonly { readonly scope: Scope; readonly state: string; readonly count: number }[];
  /** The first 1,000. */
  readonly failures: readonly MigrationFailure[];
  /** How many more there were. */
  readonly failuresOmitted: number;
}

type Count = 'current' | 'migrated' | 'newer' | 'failed' | 'pinned' | 'failedPinned';
type Tally = { -readonly [Key in keyof DefinitionMigration]: DefinitionMigration[Key] };

/** The report while it is being written. */
export class MigrationTally {
  readonly #tallies = new Map<string, Tally>();
  readonly #unknown = new Map<string, { readonly scope: Scope; readonly state: string; count: number }>();
  readonly #failures: MigrationFailure[] = [];
  #failuresOmitted = 0;
  entities = 0;

  constructor(definitions: readonly StateDefinition<unknown>[]) {
    for (const { scope, name, version } of definitions) {
      const none = { current: 0, migrated: 0, newer: 0, failed: 0, pinned: 0, failedPinned: 0 };
      this.#tallies.set(`${scope}/${name}`, { scope, state: name, version, ...none });
    }
  }

  count({ scope, name }: StateDefinition<unknown>, ...counts: readonly Count[]): void {
    const tally = this.#tallies.get(`${scope}/${name}`);
    if (tally) for (const each of counts) tally[each] += 1;
  }

  fail(failure: MigrationFailure): void {
    if (this.#failures.length < MAX_LISTED) this.#failures.push(failure);
    else this.#failuresOmitted += 1;
  }

  unknown(scope: Scope, state: string): void {
    const slot = `${scope}/${state}`;
    const known = this.#unknown.get(slot) ?? { scope, state, count: 0 };
    known.count += 1;
    this.#unknown.set(slot, known);
  }

  progress(): MigrationProgress {
    const tallies = [...this.#tallies.values()];
    const sum = (...counts: readonly Count[]): number =>
      tallies.reduce((total, tally) => counts.reduce((all, each) => all + tally[each], total), 0);
    return {
      entities: this.entities,
      states: sum('current', 'migrated', 'newer', 'failed'),
      migrated: sum('migrated'),
      failed: sum('failed', 'failedPinned'),
    };
  }

  report(dryRun: boolean): MigrationReport {
    return {
      dryRun,
      entities: this.entities,
      definitions: [...this.#tallies.values()],
      unknown: [...this.#unknown.values()],
      failures: this.#failures,
      failuresOmitted: this.#failuresOmitted,
    };
  }
}
