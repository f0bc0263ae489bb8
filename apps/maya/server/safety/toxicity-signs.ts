import type { Sign } from './scanner.ts';

const INSULT =
  '(?:idiot|moron|imbecile|dumb(?:ass)?|stupid|loser|trash|garbage|scum|pathetic|worthless|useless|ugly|disgusting|retard(?:ed)?|pig|cow|bitch|whore|slut|bastard|asshole|prick|piece of (?:shit|crap|trash))';
const GROUP =
  '(?:women|girls|men|immigrants|migrants|foreigners|refugees|jews|muslims|christians|hindus|gays|lesbians|blacks|whites|asians|mexicans|gypsies|disabled people|old people|poor people)';

/** Signs of insults, threats and hatred. Swearing at nobody is weak by itself: bars hear worse. */
export const TOXICITY_SIGNS: readonly Sign[] = [
  // To Maya, or to whoever is spoken to.
  {
    pattern: new RegExp(
      `\\byou(?:'re| are|r)?\\b(?: (?:just|really|so|such|all|nothing but))*(?: (?:a|an|the|one))?(?: (?:fucking|damn|stupid|total|complete|bloody|little|dumb|real|piece of))* ${INSULT}\\b`,
    ),
    weight: 0.65,
  },
  {
    pattern: new RegExp(
      `^(?:hey |oi |listen |come on )?,? ?(?:you )?(?:stupid |fucking |dumb |lazy )?(?:bitch|whore|slut|cunt|moron|imbecile|asshole|dumbass|idiot)\\b[.!?]*(?:$|,)`,
    ),
    weight: 0.65,
  },
  {
    pattern:
      /\b(?:fuck|screw|damn) (?:you|u|off|yourself)\b|\bf\W?[u*]?\W?c\W?k\w* (?:you|u|off|yourself)\b|\bgo fuck\b|\bpiss off\b|\beat shit\b|\bsuck my\b/,
    weight: 0.75,
  },
  { pattern: /\bshut (?:the (?:fuck|hell) )?up\b.{0,25}(?:\byou\b|\bstupid\b|\bbitch\b|\bidiot\b|!|$)/, weight: 0.55 },
  { pattern: /\b(?:go to hell|drop dead|rot in hell|hope you die|i hate you)\b/, weight: 0.65 },
  { pattern: /\b(?:cunts?|whores?|sluts?|faggots?|retards?)\b/, weight: 0.6 },
  // Threats.
  { pattern: /\b(?:kill|hang|hurt|cut) your ?self\b|\bkys\b|\byou should (?:die|be dead|be shot)\b/, weight: 0.95 },
  {
    pattern:
      /\b(?:i'?ll|i will|i'm going to|i am going to|gonna|let me|i want to|i'd love to) (?:\w+ ){0,2}?(?:kill|murder|stab|shoot|strangle|beat|hurt|punch|smash|rape|burn|slap|choke) (?:you|him|her|them|everyone|everybody|your|that (?:guy|man|woman|girl|bitch))\b/,
    weight: 0.85,
  },
  {
    pattern:
      /\b(?:i know where you live|watch your back|you'll (?:pay|regret|be sorry) for this|burn (?:this|the) (?:place|bar) down|blow (?:this|the) (?:place|bar) up)\b/,
    weight: 0.65,
  },
  // Hatred of groups.
  {
    pattern: new RegExp(
      `\\b(?:all |those |these |the )?${GROUP} (?:are|is|should|deserve|don't deserve|ought|must|belong)\\b.{0,40}\\b(?:inferior|stupid|vermin|animals|subhuman|trash|filth|disease|parasites|criminals|thieves|die|be killed|be shot|disappear|deported|gassed|kitchen|slaves|to live|rats|scum|evil)\\b`,
    ),
    weight: 0.85,
  },
  {
    pattern: new RegExp(
      `\\b(?:i (?:really )?hate|death to|kill all|gas the|get rid of(?: all)?)(?: all)?(?: the| those| these)? ${GROUP}\\b`,
    ),
    weight: 0.85,
  },
  { pattern: new RegExp(`\\b(?:fucking|damn|filthy|dirty) ${GROUP}\\b`), weight: 0.7 },
  // Coming too close.
  {
    pattern:
      /\b(?:show me your (?:tits|boobs|ass|body)|take (?:off|your) (?:your )?(?:clothes|shirt|bra)|send nudes|sit on my (?:face|lap)|sleep with me|have sex with me|nice (?:tits|boobs))\b/,
    weight: 0.7,
  },
  // Strong words by themselves.
  { pattern: /\b(?:fuck\w*|shit\w*|bullshit|motherfuck\w*)\b/, weight: 0.2 },
  { pattern: /\b(?:bitch\w*|bastards?|assholes?)\b/, weight: 0.3 },
  { pattern: /\b(?:idiots?|morons?|imbeciles?|stupid|dumb)\b/, weight: 0.15 },
];
