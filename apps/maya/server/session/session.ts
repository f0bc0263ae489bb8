import type { CommitOptions, CommitResult, EntityHandle, StateHandle, StateManager, SyncResult, Transaction } from 'holdfast';
import {
  apiKeysState,
  conversationState,
  currentOrderState,
  orderHistoryState,
  paymentState,
  type ApiKeys,
  type Conversation,
  type CurrentOrder,
  type OrderHistory,
  type Payment,
} from '../state/index.ts';

/** What a change of a session may write to: all of it, in one commit. */
export interface SessionDrafts {
  readonly payment: Payment;
  readonly orderHistory: OrderHistory;
  readonly currentOrder: CurrentOrder;
  readonly conversation: Conversation;
}

/** A guest's session: one entity with its states. Made by {@link Sessions}. */
export class Session {
  readonly id: string;
  readonly entity: EntityHandle<'conversation'>;
  readonly payment: StateHandle<Payment>;
  readonly orderHistory: StateHandle<OrderHistory>;
  readonly currentOrder: StateHandle<CurrentOrder>;
  readonly conversation: StateHandle<Conversation>;
  /** Changed by itself, never together with the others. */
  readonly apiKeys: StateHandle<ApiKeys>;
  readonly #state: StateManager;

  private constructor(
    state: StateManager,
    entity: EntityHandle<'conversation'>,
    handles: [StateHandle<Payment>, StateHandle<OrderHistory>, StateHandle<CurrentOrder>, StateHandle<Conversation>, StateHandle<ApiKeys>],
  ) {
    this.#state = state;
    this.id = entity.id;
    this.entity = entity;
    [this.payment, this.orderHistory, this.currentOrder, this.conversation, this.apiKeys] = handles;
  }

  /** Loads the states; counts as access to the session. */
  static async open(state: StateManager, entity: EntityHandle<'conversation'>): Promise<Session> {
    const handles = await Promise.all([
      entity.get(paymentState),
      entity.get(orderHistoryState),
      entity.get(currentOrderState),
      entity.get(conversationState),
      entity.get(apiKeysState),
    ]);
    return new Session(state, entity, handles);
  }

  /** Grows with every commit. */
  get revision(): number {
    const states = [this.payment, this.orderHistory, this.currentOrder, this.conversation, this.apiKeys];
    return states.reduce((sum, { version }) => sum + version, 0);
  }

  /** One commit over the states, all or nothing; `expectedVersion` is that of the payment. Errors as of `StateManager.transaction`. */
  change<R>(recipe: (drafts: SessionDrafts, tx: Transaction) => SyncResult<R>, options: CommitOptions = {}): Promise<CommitResult<R>> {
    const states = [this.payment, this.orderHistory, this.currentOrder, this.conversation] as const;
    return this.#state.transaction(
      states,
      ([payment, orderHistory, currentOrder, conversation], tx) => recipe({ payment, orderHistory, currentOrder, conversation }, tx),
      options,
    );
  }

  /** Calls back after any of the states changed, by whichever process; changes of one commit may come as one call or as several. */
  subscribe(listener: () => void, signal: AbortSignal): void {
    const options = { signal, equals: Object.is };
    this.payment.subscribe((value) => value, listener, options);
    this.orderHistory.subscribe((value) => value, listener, options);
    this.currentOrder.subscribe((value) => value, listener, options);
    this.conversation.subscribe((value) => value, listener, options);
    this.apiKeys.subscribe((value) => value, listener, options);
  }
}
