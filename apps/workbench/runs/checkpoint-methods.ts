import { isHoldfastError, renderTimeline, renderTree, type Checkpoint, type StateManager } from 'holdfast';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { defineMethod, type Method } from '../methods/method.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { compareJournals } from './compare-journals.ts';
import { Journal } from './journal.ts';
import { JOURNAL_SCOPES } from './journal-state.ts';
import { mergeBranch } from './merge-branch.ts';

const Of = {
  scope: z
    .enum(JOURNAL_SCOPES)
    .default('conversation')
    .describe('What it is of: a conversation, a run of a workflow, or a team of agents.'),
  id: z.string().min(1).max(256).describe('The id of the conversation, run or team.'),
};
const Name = z.string().min(1).max(256).describe('The name of a checkpoint.');
const Moment = Name.optional().describe('The name of a checkpoint. Default: now.');

const Shown = z.object({
  name: z.string(),
  at: z.string(),
  seq: z.int(),
  tags: z.array(z.string()),
  description: z.string().nullable(),
  versions: z.record(z.string(), z.int()),
});
const Keys = z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) });
const Moved = z.object({ from: z.string().nullable(), to: z.string().nullable(), isSame: z.boolean() });
const Path = z.array(z.union([z.string(), z.int()]));

interface Asked {
  readonly scope: (typeof JOURNAL_SCOPES)[number];
  readonly id: string;
}

/** What clients can call of the history of conversations, runs and teams. */
export function checkpointMethods({ state, clock }: { state: StateManager; clock: Clock }): readonly Method[] {
  /** Does something with a journal that is there. */
  const of = async <R>({ scope, id }: Asked, act: (journal: Journal) => Promise<R>): Promise<R> => {
    try {
      const journal = await Journal.open(state, scope, id);
      if (await journal.entity.exists()) return await act(journal);
    } catch (error) {
      throw asRefusal(error);
    }
    throw new WorkbenchError('NOT_FOUND', `There is no ${scope} ${JSON.stringify(id)}.`);
  };
  return [
    defineMethod({
      name: 'checkpoint_create',
      title: 'Put a checkpoint',
      description: 'Gives the present moment of a conversation, run or team a name, to come back to it. Costs next to nothing.',
      input: {
        ...Of,
        name: Name,
        tags: z.array(z.string().min(1).max(64)).max(16).default([]),
        description: z.string().max(1_000).optional(),
      },
      output: Shown,
      hints: { readOnly: false },
      run: ({ name, tags, description, ...asked }) =>
        of(asked, async ({ entity }) => shown(await entity.checkpoint(name, { tags, ...(description !== undefined && { description }) }))),
    }),
    defineMethod({
      name: 'checkpoint_list',
      title: 'List checkpoints',
      description:
        'Lists the checkpoints of a conversation, run or team, the newest first: those that were put by hand, and the automatic ones.',
      input: { ...Of, tag: z.string().min(1).max(64).optional(), prefix: z.string().min(1).max(256).optional() },
      output: z.object({ checkpoints: z.array(Shown) }),
      hints: { readOnly: true },
      run: ({ tag, prefix, ...asked }) =>
        of(asked, async ({ entity }) => {
          const found = await entity.checkpoints({ ...(tag !== undefined && { tag }), ...(prefix !== undefined && { prefix }) });
          return { checkpoints: found.toSorted((a, b) => b.seq - a.seq).map(shown) };
        }),
    }),
    defineMethod({
      name: 'checkpoint_compare',
      title: 'Compare two checkpoints',
      description:
        'Tells what became different from one checkpoint to another, or to now: the stage, messages, tools, files, nodes and shared context.',
      input: { ...Of, from: Name, to: Moment },
      output: z.object({
        stage: Moved,
        status: Moved,
        messages: Keys.extend({ newest: z.array(z.object({ from: z.string(), text: z.string() })) }),
        tools: Keys.extend({ called: z.record(z.string(), z.int()) }),
        files: Keys,
        nodes: Keys,
        context: Keys,
      }),
      hints: { readOnly: true },
      run: ({ from, to, ...asked }) =>
        of(asked, async (journal) => compareJournals(await moment(journal, from), await moment(journal, to))),
    }),
    defineMethod({
      name: 'checkpoint_restore',
      title: 'Go back to a checkpoint',
      description: 'Brings a conversation, run or team back to a checkpoint, by a new commit: what came after it stays in the history.',
      input: { ...Of, name: Name },
      output: z.object({ restored: z.string(), seq: z.int() }),
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: ({ name, ...asked }) =>
        of(asked, async ({ entity }) => {
          const seq = await entity.restore(name);
          return { restored: name, seq };
        }),
    }),
    defineMethod({
      name: 'checkpoint_fork',
      title: 'Fork at a checkpoint',
      description:
        'Makes a branch of a conversation, run or team, at a checkpoint or now, to try something without touching it. Gives the id of the branch.',
      input: { ...Of, checkpoint: Moment, fork_id: z.string().min(1).max(256).optional() },
      output: z.object({ scope: z.enum(JOURNAL_SCOPES), id: z.string() }),
      hints: { readOnly: false },
      run: ({ checkpoint, fork_id, ...asked }) =>
        of(asked, async ({ entity }) => {
          const fork = await entity.fork({
            ...(checkpoint !== undefined && { checkpoint }),
            ...(fork_id !== undefined && { id: fork_id }),
          });
          return { scope: fork.scope, id: fork.id };
        }),
    }),
    defineMethod({
      name: 'checkpoint_merge',
      title: 'Merge a fork',
      description:
        'Brings what a fork has come to back into what it was forked from: as it is when only the fork went on, three-way otherwise. Where both have changed the same place nothing ' +
        'is merged and the conflicts are listed; call it again with a resolution for each.',
      input: {
        ...Of,
        fork_id: z.string().min(1).max(256),
        resolutions: z
          .array(z.strictObject({ path: z.array(z.union([z.string(), z.int()])).max(50), take: z.enum(['ours', 'theirs']) }))
          .max(1_000)
          .default([]),
      },
      output: z.object({
        kind: z.enum(['fast-forward', 'three-way', 'nothing', 'conflicts']),
        conflicts: z.array(
          z.object({ path: Path, base: z.unknown().optional(), ours: z.unknown().optional(), theirs: z.unknown().optional() }),
        ),
      }),
      hints: { readOnly: false, destructive: true },
      run: ({ fork_id, resolutions, ...asked }) =>
        of(asked, (into) => of({ ...asked, id: fork_id }, (fork) => mergeBranch(into, fork, resolutions))),
    }),
    defineMethod({
      name: 'checkpoint_tree',
      title: 'Show the tree of forks',
      description: 'Shows where a conversation, run or team was forked from, and its forks, as text and as JSON.',
      input: Of,
      output: z.object({ text: z.string(), tree: z.unknown() }),
      hints: { readOnly: true },
      run: (asked) =>
        of(asked, async ({ entity }) => {
          const tree = await entity.tree();
          return { text: renderTree(tree, { now: clock.now() }), tree };
        }),
    }),
    defineMethod({
      name: 'checkpoint_timeline',
      title: 'Show the timeline',
      description:
        'Shows what happened to a conversation, run or team, oldest first: commits and checkpoints, who made them and why, as text and as JSON.',
      input: {
        ...Of,
        since: z.int().min(0).optional().describe('The seq behind which to begin.'),
        limit: z.int().min(1).max(500).default(100),
      },
      output: z.object({
        text: z.string(),
        entries: z.array(z.object({ kind: z.enum(['commit', 'checkpoint']), seq: z.int(), at: z.number() })),
      }),
      hints: { readOnly: true },
      run: ({ since, limit, ...asked }) =>
        of(asked, async ({ entity }) => {
          const entries = await Array.fromAsync(entity.timeline({ limit, ...(since !== undefined && { since }) }));
          return { text: renderTimeline(entries, { now: clock.now() }), entries };
        }),
    }),
  ];
}

async function moment(journal: Journal, name: string | undefined): ReturnType<Journal['at']> {
  return name === undefined ? journal.current : await journal.at(await checkpointOf(journal, name));
}

async function checkpointOf({ entity }: Journal, name: string): Promise<Checkpoint> {
  const found = (await entity.checkpoints({ prefix: name })).find((each) => each.name === name);
  if (found) return found;
  throw new WorkbenchError('NOT_FOUND', `There is no checkpoint ${JSON.stringify(name)}; checkpoint_list tells which there are.`);
}

function shown({ name, at, seq, tags, description, versions }: Checkpoint): object {
  return { name, at: isoTime(at), seq, tags, description: description ?? null, versions };
}

/** What the engine refuses, as a client is told. */
function asRefusal(error: unknown): unknown {
  if (isHoldfastError(error, 'NOT_FOUND')) return new WorkbenchError('NOT_FOUND', error.message, { cause: error });
  if (isHoldfastError(error, 'INVALID_ARGUMENT') || isHoldfastError(error, 'INVALID_ID'))
    return new WorkbenchError('INVALID_INPUT', error.message, { cause: error });
  if (isHoldfastError(error, 'RESTORE_REFUSED')) return new WorkbenchError('REFUSED', error.message, { cause: error });
  return error;
}
