import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineState, type EntityHandle, type QuarantinedState, type StateHandle, type StateManager } from 'holdfast';

const schema = z.strictObject({ count: z.int() });
const initial = { count: 0 };
const OfAll = defineState({ name: 'all', scope: 'global', schema, initial });
const OfTeam = defineState({ name: 'team', scope: 'team', schema, initial });
const OfRun = defineState({ name: 'run', scope: 'workflow', schema, initial });
const OfTalk = defineState({ name: 'talk', scope: 'conversation', schema, initial });
type Counter = StateHandle<{ count: number }>;
declare const state: StateManager;
declare const counter: Counter;
declare const tab: StateHandle<{ readonly items: readonly string[]; readonly total: number; readonly note?: string }>;

describe('an entity', () => {
  it('gives states of its scope', () => {
    expectTypeOf(state.global().get(OfAll)).toEqualTypeOf<Promise<Counter>>();
    expectTypeOf(state.team('a').get(OfTeam)).toEqualTypeOf<Promise<Counter>>();
    expectTypeOf(state.workflow('a').get(OfRun)).toEqualTypeOf<Promise<Counter>>();
    expectTypeOf(state.conversation('a').get(OfTalk)).toEqualTypeOf<Promise<Counter>>();
  });

  it('gives no states of another scope, by whichever method', () => {
    // @ts-expect-error A conversation's.
    void state.team('a').get(OfTalk);
    // @ts-expect-error A team's.
    void state.conversation('a').get(OfTeam);
    // @ts-expect-error A workflow's.
    void state.global().get(OfRun);
    // @ts-expect-error The global one's.
    void state.workflow('a').get(OfAll);
    // @ts-expect-error A conversation's.
    void state.team('a').readVersion(OfTalk, 1);
    // @ts-expect-error A conversation's.
    void state.team('a').acceptVersion(OfTalk, 1);
  });

  it('merges forks of its own scope, and keeps it when forked', () => {
    expectTypeOf(state.team('a').fork()).toEqualTypeOf<Promise<EntityHandle<'team'>>>();
    // @ts-expect-error A conversation is no fork of a team.
    void state.team('a').merge(state.conversation('a'));
  });

  it('lists what was put aside', () => {
    expectTypeOf(state.team('a').quarantined()).toEqualTypeOf<Promise<readonly QuarantinedState[]>>();
  });
});

describe('a subscription', () => {
  it('gives the listener what the selector selects', () => {
    tab.subscribe(
      ({ items }) => items.length,
      (now, was) => {
        expectTypeOf(now).toEqualTypeOf<number>();
        expectTypeOf(was).toEqualTypeOf<number>();
      },
    );
    tab.subscribe(
      ({ note, items }) => ({ note, first: items[0] }),
      (now) => expectTypeOf(now).toEqualTypeOf<{ note: string | undefined; first: string | undefined }>(),
      { equals: (a, b) => a.first === b.first },
    );
    expectTypeOf(
      tab.subscribe(
        ({ total }) => total,
        () => undefined,
      ),
    ).toEqualTypeOf<() => void>();
  });

  it('selects from a value that is read only, and only what is there', () => {
    tab.subscribe(
      // @ts-expect-error The value is frozen.
      (value) => (value.total = 1),
      () => undefined,
    );
    tab.subscribe(
      // @ts-expect-error There is no such field.
      (value) => 'tip' satisfies keyof typeof value,
      () => undefined,
    );
    tab.subscribe(
      // @ts-expect-error The listener wants a text.
      ({ total }) => total,
      (now: string) => now,
    );
  });
});

describe('older versions', () => {
  it('have the type of the state', () => {
    expectTypeOf(tab.at(1)).toEqualTypeOf<Promise<typeof tab.current>>();
    void tab.bisect(({ total }) => total >= 0);
    // @ts-expect-error There is no such field.
    void tab.bisect(({ tip }) => tip >= 0);
    // @ts-expect-error It is another state.
    void tab.compare(1, 2, counter);
  });
});

describe('migrating', () => {
  it('takes definitions of any scope and type', () => {
    void state.migrate({
      definitions: [OfAll, OfTalk],
      dryRun: true,
      onProgress: ({ entities }) => expectTypeOf(entities).toEqualTypeOf<number>(),
    });
    // @ts-expect-error A name is no definition.
    void state.migrate({ definitions: ['tab'] });
  });
});
