import type { Json, StateManager } from 'holdfast';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { Journal, type JournalOptions, type Message } from './journal.ts';
import type { Agent } from './journal-state.ts';

const MAX_AGENTS = 100;

/** Agents that work together, in one process or in several: who they are, what they say to one another, and what all of them know. */
export class AgentTeam {
  readonly journal: Journal;

  private constructor(journal: Journal) {
    this.journal = journal;
  }

  static async open(state: StateManager, id: string, options: JournalOptions = {}): Promise<AgentTeam> {
    return new AgentTeam(await Journal.open(state, 'team', id, options));
  }

  agents(): Readonly<Record<string, Agent>> {
    return this.journal.current.agents;
  }

  /** An agent that is there already takes another role. @throws {WorkbenchError} REFUSED when there are too many. */
  async join(agent: string, role: string): Promise<void> {
    await this.journal.change(
      'join',
      ({ agents }, { now }) => {
        if (!Object.hasOwn(agents, agent) && Object.keys(agents).length >= MAX_AGENTS)
          throw new WorkbenchError('REFUSED', `The team ${this.journal.id} has ${MAX_AGENTS} agents, as many as there may be.`);
        agents[agent] = { role, joined_at: Object.hasOwn(agents, agent) ? (agents[agent] as Agent).joined_at : isoTime(now) };
      },
      { actor: agent },
    );
  }

  /** @throws {WorkbenchError} NOT_FOUND. */
  async leave(agent: string): Promise<void> {
    await this.journal.change('leave', ({ agents }) => {
      assertIn(agents, agent, this.journal.id);
      delete agents[agent];
    });
  }

  /** Says something to one agent, or to all of them. Gives the message's id. @throws {WorkbenchError} NOT_FOUND for who is not in the team. */
  async send(from: string, text: string, to: string | null = null): Promise<string> {
    for (const agent of [from, ...(to === null ? [] : [to])]) assertIn(this.agents(), agent, this.journal.id);
    return await this.journal.say(from, text, to);
  }

  /** What others have said to an agent or to all, oldest first; with `after`, what came after the message of that id. */
  inbox(agent: string, after?: string): readonly Message[] {
    const all = this.journal.messages();
    const seen = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
    return all.slice(seen + 1).filter(({ from, to }) => from !== agent && (to === null || to === agent));
  }

  /** Undefined when nobody has shared it. */
  shared(key: string): Json | undefined {
    const { context } = this.journal.current;
    return Object.hasOwn(context, key) ? context[key] : undefined;
  }

  async share(agent: string, key: string, value: Json | undefined): Promise<void> {
    assertIn(this.agents(), agent, this.journal.id);
    await this.journal.share(key, value, agent);
  }
}

function assertIn(agents: Readonly<Record<string, Agent>>, agent: string, team: string): void {
  if (!Object.hasOwn(agents, agent))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no agent ${JSON.stringify(agent)} in the team ${team}; there are ${Object.keys(agents).join(', ') || 'none'}.`,
    );
}
