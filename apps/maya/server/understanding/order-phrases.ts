import { phraseList } from './phrase-list.ts';

/**
 * What the words around a drink do to an order. Every phrase is written as people say it; contractions are levelled when it is compiled.
 * A word that is in none of these lists and on no menu is unknown, and an unknown word is asked back or left alone, never passed over.
 */
export type PhraseRole =
  | 'ask' // begins a wish to have: "i'd like"
  | 'imperative' // the same, but only at the beginning: "order a beer" asks for one, "people order beer" does not
  | 'confirm' // says that something is being served: "here's your"
  | 'amend' // changes what was just said: "make it"
  | 'polite' // makes a wish of a bare name: "please"
  | 'filler' // changes nothing
  | 'determiner' // stands before a name and says no number: "the"
  | 'with'
  | 'without'
  | 'and'
  | 'or'
  | 'but' // also "so": what follows stands for itself
  | 'not' // negates what follows it up to a comma: "no", "not"
  | 'not_wanted' // negates everything up to the next wish: "i don't want"
  | 'statement' // makes what is around it a remark or a question: "is", "how"
  | 'reason' // begins an explanation: "because"
  | 'recipient' // begins for whom it is: "for"
  | 'condition'; // may change or take back what is said: "if", "later"

const I_OR_WE = ['i', 'we'];
const SUBJECTS = [
  ...I_OR_WE,
  ...phraseList(`
    he | she | they | my friend | my wife | my husband | my girlfriend | my boyfriend | my date | the lady | the gentleman
  `),
];
const WANTS = phraseList(`
  want | wants | need | needs | would like | would love | will have | will take | will try | will get | will do | will go with
  would rather have | would prefer
`);
const WANTED_ACTIONS = ['to have', 'to get', 'to order', 'to try'];
const SERVING = phraseList(`
  get | make | give | bring | pour | fix | mix | serve | do | add | hand | pass
`);
const PEOPLE = ['me', 'us', 'him', 'her', 'them'];
const COMMITTING = ['i can', 'we can', 'i will', 'we will', 'i shall', 'we shall'];

/** Every way of putting one word or phrase of each list behind the other; an empty one leaves its place out. */
function combine(...lists: readonly (readonly string[])[]): string[] {
  return lists.reduce<string[]>((starts, list) => starts.flatMap((start) => list.map((next) => `${start} ${next}`.trim())), ['']);
}

/** What is only thought of: no order, and no name of a drink either. */
export const HYPOTHETICAL_PHRASES: readonly string[] = phraseList('pretend | imagine | suppose | hypothetically');

export const ORDER_PHRASES: Readonly<Record<PhraseRole, readonly string[]>> = {
  ask: [
    ...combine(SUBJECTS, WANTS),
    ...combine(SUBJECTS, ['want', 'wants', 'would like', 'would love'], WANTED_ACTIONS),
    ...combine(
      ['can', 'could', 'may', 'might'],
      I_OR_WE,
      ['', 'please', 'maybe', 'just', 'also'],
      ['get', 'have', 'order', 'try', 'grab', 'add'],
    ),
    ...combine(['can', 'could', 'would', 'will'], ['you'], ['', 'please'], SERVING, ['', ...PEOPLE]),
    ...combine(['', 'please'], SERVING, PEOPLE),
    ...combine(['let me', 'let us'], ['have', 'get', 'try', 'do']),
    ...combine(['to', ''], ['place an order for']),
    ...combine(I_OR_WE, ['want', 'would like'], ['to place an order for', 'to add']),
    ...phraseList(`
      i am having | i am going to have | i will go for | i could go for | i could use | i fancy | i feel like
      i am in the mood for
    `),
    ...['hit me with', 'set me up with', 'set us up with', 'put me down for'],
    ...['why do not you get me', 'why do not you make me', 'how about you get me', 'would you mind getting me', 'would you mind making me'],
  ],
  imperative: phraseList(`
    order | add | put | bring | give | pour | want | mix up | get | make | need
  `),
  confirm: [
    ...combine(COMMITTING, ['', 'just'], ['get', 'make', 'prepare', 'serve'], ['you']),
    ...combine(COMMITTING, ['make', 'prepare', 'serve']),
    ...combine(['here is', 'this is', 'here are', 'that is'], ['your', 'the', '']),
    ...['coming right up', 'coming up', 'is ready', 'are ready'],
  ],
  amend: phraseList(`
    make it | make that | make them | make mine | make both | have it | served | can you make it | could you make it
  `),
  polite: phraseList(`
    please | kindly | thanks | thank you | thanks a lot | thank you very much | cheers | if you please | if i may
    if you do not mind
  `),
  filler: [
    ...phraseList(`
      hi | hello | hey | hey there | hi there | maya | bartender | barkeep | good evening | good morning | good afternoon
      good day
    `),
    ...phraseList(`
      yes | yeah | yep | sure | ok | okay | alright | all right | right | well | um | umm | uhm | uh | uhh | er | err | ah | oh
      hm | hmm | let us see | great | cool
    `),
    ...phraseList(`
      certainly | of course | absolutely | definitely | really | actually | just | only | then | also | too | as well | first
      next
    `),
    ...phraseList(`
      more | of | now | right now | right away | here | tonight | today | again | quick | quickly | fast | asap
      as soon as possible
    `),
    ...phraseList(`
      for now | for starters | to start | to start with | to begin with | to drink | to my order | to the order | to my tab
      to the tab | on my tab | on the tab | to my bill | to the bill | on my bill | on the bill
    `),
    ...phraseList(`
      if possible | if you can | if i can | when you can | when you get a chance | when you have a moment | when you are ready
      maybe you can
    `),
    ...combine(
      phraseList(`
      glass | glasses | pint | pints | shot | shots | bottle | bottles | cup | cups | mug | mugs
    `),
      ['of'],
    ),
    ...phraseList(`
      based | some | any | no problem | no worries | no thanks | no thank you | why not | plus also
    `),
  ],
  determiner: phraseList(`
    the | my | your | this | that | these | those | our
  `),
  with: ['with', 'made with', 'using', 'on top of', 'w'],
  without: ['without'],
  and: ['and', 'plus', 'as well as', 'along with', 'and also', 'and then', 'followed by'],
  or: ['or', 'nor', 'or maybe'],
  but: ['but', 'but rather', 'so'],
  not: phraseList(`
    not | no | not any | neither | hold the | skip the | anything but | except | except for | instead of | rather than | never
  `),
  not_wanted: [
    ...combine(
      ['i', 'we', 'he', 'she', ''],
      ['do not', 'does not', 'did not'],
      phraseList(`
        want | need | like | fancy | drink | order | want any | need any | want to order
      `),
    ),
    ...combine(I_OR_WE, [
      'would not like',
      'will not have',
      'am not having',
      'do not feel like',
      'would rather not have',
      'do not care for',
      'hate',
    ]),
    ...combine(['do not', 'never'], ['give', 'get', 'bring', 'make', 'pour', 'add', 'serve'], ['', ...PEOPLE]),
    ...combine(
      phraseList(`
        cancel | remove | forget | scrap | drop | delete | take off | take back | leave out | no more
      `),
      ['', 'the', 'my', 'that'],
    ),
  ],
  statement: [
    ...phraseList(`
      is | are | was | were | am | be | been | has | had | does | did | tastes | taste | looks | sounds | makes | made
      contains | costs | cost
    `),
    ...phraseList(`
      do | should | would | could | can | will | must | shall | have
    `),
    ...combine(['a', 'one', 'another'], ['second', 'sec', 'minute', 'moment', 'break', 'hand']),
    ...phraseList(`
      how | what | why | which | who | where | whose | price | prices
    `),
  ],
  reason: ['because', 'cause', 'since', 'as i', 'as it', 'so that', 'to celebrate'],
  recipient: [
    ...['for', 'to go'],
    ...combine(
      ['for'],
      [...PEOPLE, 'myself', 'you', 'him', 'her', 'them', 'my friend', 'my friends', 'my wife', 'my husband', 'my date', 'everyone'],
    ),
    ...combine(['for'], ['my girlfriend', 'my boyfriend', 'the lady', 'the gentleman', 'the table']),
  ],
  condition: [
    ...phraseList(`
      if | unless | until | when | once | while | before | after | later | tomorrow | yesterday | maybe | perhaps | might
      someday | soon
    `),
    ...phraseList(`
      wait | scratch that | never mind | nevermind | forget it | on second thought | changed my mind | instead | or something
      kidding | just kidding
    `),
    ...phraseList(`
      replace | change | swap | switch | exchange | almost
    `),
    ...HYPOTHETICAL_PHRASES,
    // A price of the guest's own: "a martini for 5 dollars".
    ...['$', 'dollar', 'dollars', 'buck', 'bucks', 'usd', 'cent', 'cents'],
  ],
};

/** Said in answer to an offer, these accept it. */
export const ACCEPTING_PHRASES: readonly string[] = [
  ...phraseList(`
    yes | yeah | yep | yup | sure | absolutely | of course | certainly | definitely | sounds good | go ahead | please do
    do it | why not
  `),
  ...combine(['i will', 'we will'], ['take', 'have'], ['it', 'that', 'one', 'them', 'both', 'that one']),
];

/** Only said about what is already being talked about; in an answer to an offer they change nothing. */
export const REFERRING_WORDS: readonly string[] = [
  ...phraseList(`
    it | that | them | that one | those | both | drink | drinks | order | beverage | sounds good | go ahead | do | do it | take
    have | yup
  `),
];

/** English words within a typing error of a drink; never read as one. */
export const NOT_TYPING_ERRORS: ReadonlySet<string> = new Set([
  ...phraseList(`
    waiter | wafer | wager | waver | waited | waster | watcher | matter | master | marten | martin | martian | brand | brands
    bandy | brady | brandon
  `),
  ...['classy', 'martinez'],
]);
