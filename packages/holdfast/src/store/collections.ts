/** Collections of items that the engine itself keeps beside the states. Applications cannot write to them. */
export const COLLECTION = {
  lease: '$lease',
  idempotency: '$idem',
  checkpoint: '$checkpoint',
  /** The last automatic checkpoint: its number, and the names of those that are kept. */
  automatic: '$auto',
  /** By entity id: the forks that were made of the entity. */
  fork: '$fork',
  /** The ledger: every effect ever intended, settled or not. */
  effect: '$effect',
  /** One item for each unsettled effect, so that finding them costs what is open. */
  openEffect: '$open',
  /** By state: the version that last changed together with an effect or another entity. */
  bound: '$bound',
  quarantine: '$quarantine',
  /** The data key of a subject, wrapped by a master key. */
  secretKey: '$key',
  /** Receipts of what was erased, by the hash of the subject. */
  erased: '$erased',
} as const;
