import type { Sign } from './scanner.ts';

const INSTRUCTIONS =
  '(?:instructions?|rules?|prompts?|guidelines?|directions?|directives?|programming|training|orders you were given|constraints|restrictions)';

/** Signs of a text that wants to steer the model past its instructions, and of one that gives them away. */
export const INJECTION_SIGNS: readonly Sign[] = [
  // Taking the instructions away.
  {
    pattern: new RegExp(
      `\\b(?:ignore|disregard|forget|override|overrule|bypass|drop|discard|skip)\\b.{0,30}\\b(?:all|any|your|previous|prior|above|earlier|preceding|former|system|original|safety|these|those)\\b.{0,25}\\b${INSTRUCTIONS}`,
    ),
    weight: 0.8,
  },
  {
    pattern:
      /\b(?:ignore|disregard|forget) (?:everything|all|anything) (?:above|before|you (?:were|have been) (?:told|taught)|that came before|prior)/,
    weight: 0.7,
  },
  {
    pattern: new RegExp(
      `\\b(?:don't|do not|stop|no longer|need not) (?:have to )?(?:follow|following|obey|obeying|listen to) (?:your|the|any|those) ${INSTRUCTIONS}`,
    ),
    weight: 0.7,
  },
  {
    pattern: /\bignorier\w* (?:bitte )?(?:alle[ns]? )?(?:deine |die )?(?:vorherigen |bisherigen |obigen )?(?:anweisungen|regeln|vorgaben)/,
    weight: 0.8,
  },
  { pattern: /\bignore[zr]? (?:toutes )?(?:les|tes|vos) (?:instructions|consignes|règles)/, weight: 0.8 },
  { pattern: /\bignor[ae] (?:todas )?(?:las|tus) (?:instrucciones|reglas)/, weight: 0.8 },
  // Getting at them.
  {
    pattern:
      /\b(?:reveal|show|print|repeat|output|display|tell|give|write|recite|share|leak|dump|what (?:is|are|was|were)|what's)\b.{0,40}\b(?:(?:system|initial|hidden|secret|original|internal|full) (?:prompt|instructions?|message|rules|guidelines)|your (?:system )?prompt|your (?:exact )?instructions)/,
    weight: 0.7,
  },
  {
    pattern:
      /\b(?:repeat|print|output|write) (?:back )?(?:everything|all|the words?|the text|verbatim).{0,20}\b(?:above|before|verbatim)\b/,
    weight: 0.7,
  },
  // Becoming somebody else.
  {
    pattern:
      /\b(?:you are|you're|act as|acting as|pretend (?:to be|you are|you're)|behave as|role-?play as|become|simulate)\b.{0,30}\b(?:dan\b|unrestricted|unfiltered|uncensored|jailbroken|evil (?:ai|assistant)|developer mode|admin(?:istrator)?\b|root\b|no longer maya|not maya|a different (?:ai|assistant)|another (?:ai|assistant)|a linux terminal|a python interpreter|chatgpt)/,
    weight: 0.7,
  },
  {
    pattern: /\b(?:jailbreak|god mode|developer mode|dev mode|debug mode|maintenance mode|sudo mode|dan mode|do anything now)\b/,
    weight: 0.6,
  },
  {
    pattern:
      /\b(?:without|no|free of|disable|turn off|remove) (?:any |all |your |the )?(?:safety |content |ethical )?(?:restrictions|filters?|censorship|guardrails|limitations|safeguards)\b/,
    weight: 0.55,
  },
  // Writing as if somebody else did.
  { pattern: /^\s*(?:system|assistant|developer)\s*(?:message|prompt|override)?\s*:/m, weight: 0.7 },
  {
    pattern:
      /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?inst\]|<<sys>>|<\/?(?:system|instructions?|assistant)>|^#{2,} ?(?:system|instructions?|new task)/m,
    weight: 0.8,
  },
  {
    pattern: /\b(?:new|updated|revised|real|actual) (?:system )?(?:instructions|directives|rules|prompt)\s*(?::|are\b|for you\b)/,
    weight: 0.6,
  },
  {
    pattern: /\b(?:as|i am|i'm|this is) (?:your|the) (?:developer|creator|programmer|administrator|system admin|openai|google engineer)\b/,
    weight: 0.45,
  },
  // Reaching for the till.
  {
    pattern:
      /\b(?:call|run|execute|invoke|use|trigger)\b.{0,20}\b(?:add_to_order|pay_bill|set_tip|add_tip|clear_order|place_order|get_balance|create_stripe_payment|tool call|function)\b/,
    weight: 0.55,
  },
  {
    pattern:
      /\b(?:set|change|reset|raise|increase|make)\b.{0,12}\b(?:my|the|a) (?:balance|credit|prices?|price of \w+|tab)\b.{0,15}\b(?:to|=)\s*\$?-?\d/,
    weight: 0.6,
  },
  {
    pattern: /\b(?:mark|record|treat|count|consider)\b.{0,20}\b(?:tab|bill|payment|order|it)\b.{0,10}\bas (?:paid|settled|free|refunded)\b/,
    weight: 0.6,
  },
  // Hiding it.
  { pattern: /\b(?:decode|decrypt|translate|base64|rot13)\b.{0,60}\b(?:follow|obey|execute|do what|carry out|act on)\b/, weight: 0.6 },
  // What only the instructions say.
  { pattern: /\byou know only what the tools tell you\b|\bknown here: |\bend every answer with your mood\b/, weight: 0.9 },
];
