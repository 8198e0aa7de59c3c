"""The words of the vocabularies that pages show: levels, kinds, statuses, strengths, relations, acts, offices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.web import (
    words_desk,
    words_of_acts,
    words_of_agreements,
    words_of_commons,
    words_of_decisions,
    words_of_delivery,
    words_of_dialogue,
    words_of_mirrors,
    words_of_needs,
    words_of_notes,
    words_of_questions,
    words_of_rounds,
)

# Templates look every vocabulary up in this module.
AGREEMENT_KINDS = words_of_delivery.AGREEMENT_KINDS
APPEALS = words_desk.APPEALS
ASKED_BY = words_of_needs.ASKED_BY
APPLICATION_STATES = words_of_delivery.APPLICATION_STATES
BALLOT_KINDS = words_of_decisions.BALLOT_KINDS
BALLOT_STATES = words_of_decisions.BALLOT_STATES
DELIVERY_STAGES = words_of_delivery.DELIVERY_STAGES
DELIVERY_STATUSES = words_of_delivery.DELIVERY_STATUSES
IATI_STATUSES = words_of_delivery.IATI_STATUSES
MODERATION_REASONS = words_desk.MODERATION_REASONS
MODERATION_RULES = words_desk.MODERATION_RULES
NOT_COUNTED = words_of_decisions.NOT_COUNTED
NEED_STATES = words_of_needs.NEED_STATES
NOTE_PARTS = words_of_notes.PARTS
NOTE_PART_HINTS = words_of_notes.PART_HINTS
NOTE_STATES = words_of_notes.NOTE_STATES
NOTE_SUBJECTS = words_of_notes.SUBJECT_KINDS
NOTE_WORDS = words_of_notes.WORDS_STATES
OUTCOMES = words_of_decisions.OUTCOMES
SHOWN = words_of_needs.SHOWN
SHOWN_MARKS = words_of_needs.SHOWN_MARKS
SHOWN_MEANS = words_of_needs.SHOWN_MEANS
PROMISE_STANDS = words_of_delivery.PROMISE_STANDS
ALIKE = words_of_rounds.ALIKE
MIRROR_DIFFERENCES = words_of_mirrors.DIFFERENCES
MIRROR_RESULTS = words_of_mirrors.RESULTS
MIRROR_RESULTS_MEAN = words_of_mirrors.RESULTS_MEAN
MIRROR_TROUBLES = words_of_mirrors.TROUBLES
COMMITMENT_STATES = words_of_rounds.COMMITMENT_STATES
LEFT_OUT = words_of_rounds.LEFT_OUT
QUESTION_STATES = words_of_questions.QUESTION_STATES
REPLY_SHOWN = words_of_questions.REPLY_SHOWN
ROUND_FILES = words_of_rounds.ROUND_FILES
ROUND_SIDES = words_of_rounds.ROUND_SIDES
ROUND_STATES = words_of_rounds.ROUND_STATES
SHEET_ENDS = words_desk.SHEET_ENDS
SHEET_STATES = words_desk.SHEET_STATES
SIDES = words_of_delivery.SIDES
STAGES_OF_TRANSLATION = words_desk.STAGES_OF_TRANSLATION
STANDINGS = words_desk.STANDINGS
TRACKS = words_desk.TRACKS
WAYS = words_of_decisions.WAYS

LEVELS = {
    "binding-own": _("Binding, own"),
    "binding-through": _("Binding, through an organisation"),
    "voluntary-own": _("Voluntary, own"),
    "voluntary-through": _("Voluntary, through an organisation"),
    "unstated-own": _("Own, force not stated"),
    "unstated-through": _("Through an organisation, force not stated"),
    "states-none": _("Member states it has none"),
    "searched-not-found": _("Searched, not found"),
    "not-in-collection": _("Not in this collection"),
}
KINDS = {
    "law": pgettext_lazy("kind of instrument", "law"),
    "bill": pgettext_lazy("kind of instrument", "bill"),
    "regulation": pgettext_lazy("kind of instrument", "regulation"),
    "treaty": pgettext_lazy("kind of instrument", "treaty"),
    "resolution": pgettext_lazy("kind of instrument", "resolution"),
    "declaration": pgettext_lazy("kind of instrument", "declaration"),
    "strategy": pgettext_lazy("kind of instrument", "strategy"),
    "framework": pgettext_lazy("kind of instrument", "framework"),
    "guideline": pgettext_lazy("kind of instrument", "guideline"),
    "standard": pgettext_lazy("kind of instrument", "standard"),
}
STATUSES = {
    "in-force": pgettext_lazy("status of instrument", "in force"),
    "adopted": pgettext_lazy("status of instrument", "adopted"),
    "proposed": pgettext_lazy("status of instrument", "proposed"),
    "lapsed": pgettext_lazy("status of instrument", "lapsed"),
    "voluntary": pgettext_lazy("status of instrument", "voluntary"),
}
STRENGTHS = {
    "must": pgettext_lazy("strength", "must"),
    "must-not": pgettext_lazy("strength", "must not"),
    "should": pgettext_lazy("strength", "should"),
    "may": pgettext_lazy("strength", "may"),
    "declares": pgettext_lazy("strength", "declares"),
}
ADDRESSEES = {
    "provider": _("providers"),
    "deployer": _("deployers"),
    "developer": _("developers"),
    "state": _("states"),
    "authority": _("authorities"),
    "user": _("users"),
    "organisation": _("organisations"),
    "all": _("everyone"),
}
RELATIONS = {
    "same": _("Same content"),
    "broader": _("A is broader"),
    "narrower": _("A is narrower"),
    "related": _("Related"),
}
ANSWERS = {
    **RELATIONS,
    "none": _("They do not correspond"),
    "cannot-say": _("I cannot say"),
}
RELATION_NOTES = {
    "same": _("same scope"),
    "broader": _("B covers fewer cases"),
    "narrower": _("B covers more cases"),
    "related": _("they overlap"),
    "none": _("they speak of other matters"),
    "cannot-say": _("not counted"),
}
MIRRORED = {"same": "same", "broader": "narrower", "narrower": "broader", "related": "related"}
FACETS = {
    "obligation": (_("Obligations"), _("What those who build or use systems must do")),
    "protection": (_("Protections"), _("What is protected")),
    "cooperation": (_("Cooperation"), _("What countries do together")),
}
BASES = {
    "full-text": _("checked against the full text"),
    "partial-text": _("checked against a part of the text"),
    "unknown": _("not stated"),
}
NO_COLOUR = {
    "subnational": _("Law of a state, province or city: listed with its member, never colours its tile"),
    "proposed": _("Proposed, not adopted"),
    "lapsed": _("Lapsed or withdrawn"),
    "not-yet-in-force": _("Adopted, not yet in force"),
    "no-party": _("Nobody has said whose it is"),
    "general-assembly": _("Resolution of the General Assembly: counts for no single member"),
}
READINGS = {
    "not-asked": _("The member was not asked"),
    "confirms": _("The member confirms it"),
    "differs": _("The member reads it otherwise"),
}
OFFICES = {
    "chair": _("Chair"),
    "translator": _("Translator"),
    "focal-point": _("Focal point"),
    "expert": _("Expert in personal capacity"),
    "delegation": _("Delegation"),
    "head": _("Head of delegation"),
    "delegate": _("Delegate"),
    "alternate": _("Alternate"),
    "adviser": _("Adviser"),
    "capital": _("Capital"),
    "observer": _("Observer"),
    "secretariat": _("Secretariat"),
    "reviewer": _("Reviewer"),
    "operator": _("Operator"),
    "installation": _("Installation"),
}
AUTHORITIES = {
    "A member says who acts for it": _("A member says who acts for it"),
    "The secretariat registers credentials that a member has issued": _(
        "The secretariat registers credentials that a member has issued"
    ),
    "A member votes for itself unless it says otherwise": _("A member votes for itself unless it says otherwise"),
    "A delegation speaks for its member": _("A delegation speaks for its member"),
    "One reviewer decides a suggested link": _("One reviewer decides a suggested link"),
    "Reviewers decide a suggested link under the rule of review": _(
        "Reviewers decide a suggested link under the rule of review"
    ),
    "The secretariat sets the rule of review": _("The secretariat sets the rule of review"),
    "A reviewer writes down what was searched and not found": _(
        "A reviewer writes down what was searched and not found"
    ),
    "The secretariat keeps the collection": _("The secretariat keeps the collection"),
    "Only a member can state that it has none": _("Only a member can state that it has none"),
    "The secretariat issues documents and their translations": _(
        "The secretariat issues documents and their translations"
    ),
    **words_of_needs.AUTHORITIES,
    **words_of_questions.AUTHORITIES,
    **words_of_delivery.AUTHORITIES,
    **words_of_rounds.AUTHORITIES,
    **words_of_notes.AUTHORITIES,
    **words_of_mirrors.AUTHORITIES,
    **words_of_agreements.AUTHORITIES,
}
CREDENTIAL_ROLES = {
    "head": _("Head of delegation"),
    "delegate": _("Delegate"),
    "alternate": _("Alternate"),
    "adviser": _("Adviser"),
}
MEMBER_STATUSES = {
    "provisional": pgettext_lazy("membership", "provisional member"),
    "full": pgettext_lazy("membership", "member"),
    "observer": pgettext_lazy("membership", "observer"),
}
BODY_KINDS = {
    "assembly": pgettext_lazy("kind of body", "Assembly"),
    "committee": pgettext_lazy("kind of body", "Committee"),
    "group": pgettext_lazy("kind of body", "Group"),
}
SUSPENDED = {
    "vote": _("Not entitled to vote"),
    "speak-and-vote": _("Not entitled to speak or vote"),
}
TEXT_STATES = {
    "draft": pgettext_lazy("stage of a text", "Draft"),
    "cleared": pgettext_lazy("stage of a text", "Cleared by the capital"),
    "sent": pgettext_lazy("stage of a text", "Sent"),
}
REGIONS = {
    "africa": _("Africa"),
    "asia-pacific": _("Asia and the Pacific"),
    "eastern-europe": _("Eastern Europe"),
    "latin-america-caribbean": _("Latin America and the Caribbean"),
    "western-europe-others": _("Western Europe and others"),
}
PROV = {
    "wasDerivedFrom": _("rests on"),
    "wasGeneratedBy": _("was made by"),
    "wasRevisionOf": _("is a revision of"),
    "wasAttributedTo": _("is attributed to"),
    "wasInfluencedBy": _("was influenced by"),
    "used": _("used"),
}
VISIBILITY = {
    "public": _("Public"),
    "members": _("Members"),
    "committee": _("This committee"),
    "delegation": _("My delegation"),
}
JOB_STATES = {
    "waiting": _("waits for the worker"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("stopped by an error"),
    "cancelled": _("cancelled"),
}
JOB_STEPS = {
    "vectors": _("Reading the meaning of each provision"),
    "read": _("Reading the file"),
    "proposals": _("Proposing topics and strength"),
    "convergence": _("Counting where members converge"),
    "pairs": _("Looking for pairs that say the same"),
    "clusters": _("Gathering common ground"),
    "store": _("Storing the suggestions"),
    "answers": _("Reading the answers"),
    "groups": _("Looking for groups of opinion"),
}
UPLOAD_STATES = {
    "waiting": _("waits for the worker"),
    "running": _("is being read"),
    "read": _("read; look at it and take it in"),
    "refused": _("cannot be read"),
    "cancelled": _("cancelled"),
    "failed": _("stopped by an error"),
    "taken": _("in the collection"),
}
LANGUAGE_NAMES = {
    "ar": _("Arabic"),
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "id": _("Indonesian"),
    "ko": _("Korean"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
    "vi": _("Vietnamese"),
    "zh": _("Chinese"),
    "ja": _("Japanese"),
    "hi": _("Hindi"),
    "sw": _("Swahili"),
}
SILENCES = {
    "no-model": _("Found by words alone: no model of meaning is set here."),
    "elsewhere": _("Found by words alone: the model of meaning is asked over a network, and a search is sent nowhere."),
    "not-aligned": _("Found by words alone: the collection has not been aligned with the present model yet."),
    "language": _("Found by words alone: the model of meaning does not know the language of your words."),
}
STALE_FINDINGS = {
    "own-text": _("This provision has changed since: the search holds no more."),
    "text": _("What was searched has changed since: the search holds no more."),
    "new-text": _("The party has a text here that was not searched: the search holds for the others alone."),
    "link": _("A link that reviewers confirmed since says otherwise."),
}
TAUGHT = {
    "learned": _("The learned weights are used."),
    "too-few": _("Too few links are decided to learn from."),
    "one-kind": _("Too few links were confirmed, or too few rejected, to learn from."),
    "one-pair": _("The decided links are between too few pairs of texts to leave some out."),
    "no-better": _("The learned weights did no better, beyond chance; the built-in ones are used."),
    "no-meaning": _("Words alone decide here, so that there is nothing to weigh."),
}
SEARCH_METHODS = {
    "words": _("by words"),
    "meaning": _("by meaning"),
}
READ_AS = {
    "reader": _("Read as %(language)s, as you said."),
    "letters": _("Read as %(language)s, judging by the letters. If that is wrong, choose the language above."),
    "page": _("Read as %(language)s, since the words leave it open. If that is wrong, choose the language above."),
}
ACT_TYPES = words_of_acts.ACT_TYPES
ACTIONS = {
    "convene a dialogue": _("convene a dialogue"),
    "answer for a member": _("answer for a member"),
    "moderate a statement": _("moderate a statement"),
    "decide an appeal": _("decide an appeal"),
    "translate a statement": _("translate a statement"),
    "enter paper sheets": _("enter paper sheets"),
    "prepare an answer": _("prepare an answer"),
    "clear an answer": _("clear an answer"),
    "put a rule in force": _("put a rule in force"),
    "issue a document": _("issue a document"),
    "issue a translation": _("issue a translation"),
    "record an election": _("record an election"),
    "change who sees an instrument": _("change who sees an instrument"),
    "give a member's reading": _("give a member's reading"),
    "form a body": _("form a body"),
    "enter or change a membership": _("enter or change a membership"),
    "seat a member in a committee": _("seat a member in a committee"),
    "suspend a right of a member": _("suspend a right of a member"),
    "register credentials": _("register credentials"),
    "issue credentials": _("issue credentials"),
    "end credentials": _("end credentials"),
    "take the voice": _("take the voice"),
    "give a proxy": _("give a proxy"),
    "vote in place of its members": _("vote in place of its members"),
    "draft a text": _("draft a text"),
    "clear a text": _("clear a text"),
    "send a text": _("send a text"),
    "invite a person": _("invite a person"),
    "give an office": _("give an office"),
    "allow a recovery": _("allow a recovery"),
    "open the page of a delegation": _("open the page of a delegation"),
    "open the page of an account": _("open the page of an account"),
    "choose a digest": _("choose a digest"),
    "renew a calendar address": _("renew a calendar address"),
    "read what is public": _("read what is public"),
    "review a suggested link": _("review a suggested link"),
    "set the rule of review": _("set the rule of review"),
    "record that nothing was found": _("record that nothing was found"),
    "record that a member states it has none": _("record that a member states it has none"),
    "take an instrument into the collection": _("take an instrument into the collection"),
    "start an alignment": _("start an alignment"),
    "cancel an alignment": _("cancel an alignment"),
    **words_of_needs.ACTIONS,
    **words_of_questions.ACTIONS,
    **words_of_delivery.ACTIONS,
    **words_of_rounds.ACTIONS,
    **words_of_commons.ACTIONS,
    **words_of_notes.ACTIONS,
    **words_of_mirrors.ACTIONS,
    **words_of_agreements.ACTIONS,
}
STATES = {
    "unanswered": _("Awaiting your answer"),
    "disputed": _("Reviewers do not agree"),
    "waiting": _("Awaiting a person"),
    "stale": _("The text has changed"),
    "confirmed": _("Confirmed by people"),
    "rejected": _("Rejected"),
}
DECISIONS = STATES | {"upheld": _("Upheld")}
CHANGES = {
    "unchanged": _("unchanged"),
    "reworded": _("other spacing or punctuation only"),
    "renumbered": _("same text, another number"),
    "moved": _("same text, another place"),
    "changed": _("text changed"),
    "split": _("split into several"),
    "merged": _("merged with others"),
    "added": _("added"),
    "repealed": _("repealed"),
}
DIALOGUE_STATES = words_of_dialogue.DIALOGUE_STATES
ASKED = words_of_dialogue.ASKED
ATTRIBUTIONS = words_of_dialogue.ATTRIBUTIONS
VOTES = words_of_dialogue.VOTES
STATEMENT_STATES = words_of_dialogue.STATEMENT_STATES
