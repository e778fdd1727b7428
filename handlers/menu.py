"""The menu: everything that people can ask for, one line each. A newcomer to the code starts here."""

from datetime import datetime

from cards.card import Card
from handlers import command, draft_start, help, undo
from handlers.actions import action
from handlers.actions import give as action_give
from handlers.actions import lists as action_list
from handlers.actions import step as action_step
from handlers.agenda import ask as agenda_ask
from handlers.agenda import board as agenda_board
from handlers.agenda import habits as agenda_habits
from handlers.agenda import shown as agenda
from handlers.agenda import wish as agenda_wish
from handlers.calendars import busy
from handlers.calendars import link as calendar_link
from handlers.command import ANYONE, TEAM, Command
from handlers.conferences import billing as conference_billing
from handlers.conferences import cancel as conference_cancel
from handlers.conferences import invite as conference_invite
from handlers.conferences import lists as conference_list
from handlers.conferences import move as conference_move
from handlers.conferences import papers as conference_papers
from handlers.conferences import poll, poll_ask, remind, series_change
from handlers.conferences import schedule as conference_schedule
from handlers.definition import change as pathway_change
from handlers.definition import replay as pathway_replay
from handlers.definition import show as pathway_show
from handlers.definition import steering as pathway_steering
from handlers.duty import setting as duty_set
from handlers.duty import shown as duty
from handlers.duty import swaps as duty_swaps
from handlers.entries import link as entry
from handlers.flags import board as flag_board
from handlers.flags import drill as flag_test
from handlers.flags import flag
from handlers.flags import lists as flag_list
from handlers.flags import step as flag_step
from handlers.flags import to_handoff as flag_handoff
from handlers.handoffs import handoff
from handlers.handoffs import lists as handoff_list
from handlers.handoffs import step as handoff_step
from handlers.handoffs import talk as handoff_talk
from handlers.invitations import answer_chat
from handlers.issues import show as outstanding_show
from handlers.live import end as conference_end
from handlers.live import items as conference_items
from handlers.live import minutes as conference_minutes
from handlers.live import record as conference_record
from handlers.live import roll as session_roll
from handlers.live import screen_open as conference_screen
from handlers.live import start as conference_start
from handlers.live import step as session_step
from handlers.measures import assess, chart, due
from handlers.measures import card as assess_card
from handlers.patients import care_team as patient_access
from handlers.patients import contact, patient
from handlers.patients import named as patient_named
from handlers.people import absence, person, roster, team
from handlers.people import help_lines as team_help
from handlers.plans import change as plan_change
from handlers.plans import clash as plan_clash
from handlers.plans import decisions, plan
from handlers.plans import show as plan_show
from handlers.request import Caller
from storage.clinic import Clinic


def _help(asked: help.About, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Shows what this person may do here: all of this menu that is theirs."""
    return help.help_from(MENU, asked, by)


def _resume(asked: command.Nothing, by: Caller, clinic: Clinic, now: datetime) -> Card:
    """Goes on with a form that was put aside for another."""
    return draft_start.resume(by, clinic, now, MENU)


MENU: tuple[Command, ...] = (
    Command("handoff offer", handoff.Offer, handoff.offer, "handoff", "Pass a patient to a person or a role", ("handoff", "hand off", "hand over", "offer")),
    Command("handoff accept", handoff_step.Named, handoff.accept, "handoff", "Take over a patient offered to you", ("accept",)),
    Command("handoff decline", handoff.Reasoned, handoff.decline, "handoff", "Say no, with a reason; the next person is asked", ("decline",)),
    Command("handoff ask", handoff_talk.Said, handoff_talk.question, "handoff", "Ask the sender something before you answer"),
    Command("handoff reply", handoff_talk.Said, handoff_talk.reply, "handoff", "Answer a question about what you offered"),
    Command("handoff readback", handoff_talk.ReadBack, handoff_talk.read_back, "handoff", "Say in your own words what you took over", ("readback", "handoff read back", "read back")),
    Command("handoff correct", handoff_talk.Said, handoff_talk.correct, "handoff", "Correct what the receiver read back"),
    Command("handoff introduce", handoff_talk.Introduce, handoff_talk.introduce, "handoff", "Note how the patient met the receiver", ("introduce",)),
    Command("handoff complete", handoff_talk.Outcome, handoff_talk.complete, "handoff", "Close a handoff", ("complete",)),
    Command("handoff giveback", handoff.Reasoned, handoff.give_back, "handoff", "Take your acceptance back, with a reason", ("handoff give back", "give back")),
    Command("handoff cancel", handoff.Reasoned, handoff.cancel, "handoff", "Withdraw what you offered"),
    Command("handoff show", handoff_step.Named, handoff_list.show, TEAM, "Show one handoff as it stands"),
    Command("handoff list", handoff_list.Which, handoff_list.list_them, TEAM, "List open handoffs: mine, team or overdue", ("handoffs",)),
    Command("flag raise", flag.Raise, flag.raise_it, "flags", "Have a clinician look at a patient of yours", ("flag", "raise flag")),
    Command("flag claim", flag_step.Named, flag.claim, "flags", "Take a flag on, or say that you are still on it", ("claim",)),
    Command("flag snooze", flag.Until, flag.put_off, "flags", "Let a flag wait for a while, within its limit", ("snooze",)),
    Command("flag release", flag_step.Named, flag.release, "flags", "Give a flag back; others are asked"),
    Command("flag resolve", flag.Done, flag.resolve, "flags", "Close a flag with what was done", ("resolve",)),
    Command("flag dismiss", flag.Why, flag.dismiss, "flags", "Close a flag as not needed, with why", ("dismiss", "flag not needed")),
    Command("flag show", flag_step.Named, flag.show, TEAM, "Show a flag and what it rests on: rule, value, threshold", ("flag why",)),
    Command("flag list", flag_list.Which, flag_list.list_them, TEAM, "List open flags: mine, the team's, overdue, or of a role", ("flags",)),
    Command("flag board", command.Nothing, flag_board.put_up, TEAM, "Keep a board of open flags up to date in this room", ("board",)),
    Command("flag handoff", flag_handoff.Onward, flag_handoff.hand_over, "handoff", "Hand over a flag's patient; what the flag says is filled in"),
    Command("flag agenda", flag_step.Named, agenda_ask.from_flag, "patients", "Put a flag's patient before the next conference"),
    Command("flag test", flag_test.Try, flag_test.send, "lead", "Send a harmless flag through the whole chain"),
    Command("duty", command.Nothing, duty.show, TEAM, "Who is on duty now, and who is next", ("on call", "duty show")),
    Command("duty set", duty_set.Set, duty_set.set_duty, TEAM, "Put somebody on duty: mon-fri 9-17, or from .. until .."),
    Command("duty swap", duty_swaps.Exchange, duty_swaps.swap, "flags", "Ask somebody to take over your duty for a while"),
    Command("duty take", duty_swaps.Named, duty_swaps.take, "flags", "Agree to take over somebody's duty"),
    Command("duty refuse", duty_swaps.Named, duty_swaps.refuse, "flags", "Say that you can't take over somebody's duty"),
    Command("duty off", duty_set.Off, duty_set.off, TEAM, "End a duty, for good or for a while"),
    Command("action add", action.Add, action.add, "plan", "Say who does what for a patient, until when"),
    Command("action confirm", action_step.Named, action.confirm, TEAM, "Say that you do what was given to you", ("confirm",)),
    Command("action decline", action.Why, action.decline, TEAM, "Say that you can't do it, with why"),
    Command("action done", action.Done, action.done, TEAM, "Close an action with what came of it", ("done",)),
    Command("action notdone", action.Why, action.not_done, TEAM, "Close an action that was not done, with why", ("action not done", "not done", "notdone")),
    Command("action block", action.WaitsFor, action.block, TEAM, "Say what an action waits for; it comes on the agenda"),
    Command("action unblock", action_step.Named, action.unblock, TEAM, "Say that a blocked action goes on"),
    Command("action reassign", action_give.Another, action_give.reassign, TEAM, "Give an action to another, or to yourself", ("reassign", "action take")),
    Command("action due", action_give.Until, action_give.due, TEAM, "Give an action another date"),
    Command("action drop", action.Why, action.drop, TEAM, "Close an action that is not wanted any more, with why"),
    Command("action reopen", action.Why, action.reopen, TEAM, "Open an action again that was closed wrongly"),
    Command("action show", action_step.Named, action_list.show, TEAM, "Show one action as it stands"),
    Command("action list", action_list.Which, action_list.list_them, TEAM, "List open actions: mine, the team's, overdue, or a patient's", ("actions",)),
    Command("plan show", plan.OfPatient, plan_show.show, "patients", "A patient's care plan: goals, who does what, what stands in the way", ("plan",)),
    Command("plan history", plan.OfPatient, plan_show.history, "patients", "Every change of a care plan, and where it came from"),
    Command("plan diff", plan_show.Since, plan_show.diff, "patients", "What is different in a care plan since a version"),
    Command("plan goal", plan.Goal, plan.goal, "plan", "Note what a person wants to reach, in their own words", ("goal add",)),
    Command("plan problem", plan.Problem, plan.problem, "plan", "Note a problem", ("problem add",)),
    Command("plan intervention", plan.Intervention, plan.intervention, "plan", "Note what a discipline does", ("intervention add",)),
    Command("plan barrier", plan.Barrier, plan.barrier, "plan", "Note what stands in the way", ("barrier add",)),
    Command("plan decide", plan.Decision, plan.decide, "plan", "Note a decision, and why", ("decision add",)),
    Command("plan refer", plan.Referral, plan.refer, "plan", "Note a referral, to whom and until when", ("referral add",)),
    Command("plan note", plan.Note, plan.note, "plan", "Note anything else", ("note add",)),
    Command("plan change", plan_change.Change, plan_change.change, "plan", "Change what an entry of a care plan says"),
    Command("plan mark", plan_change.Mark, plan_change.mark_it, "plan", "Say how an entry stands: achieved, gone, seen, withdrawn"),
    Command("plan progress", plan_change.Progress, plan_change.progress, "plan", "Note how it goes with a goal"),
    Command("plan settle", plan_clash.Chosen, plan_clash.settle, "plan", "Choose between two versions of an entry"),
    Command("undo", command.Nothing, undo.undo, TEAM, "Take back what you last did to a care plan or an action, or noted of a patient"),
    Command("report decisions", decisions.Since, decisions.report, "report", "How many decisions were done, and why others were not"),
    Command("mine", command.Nothing, person.mine, ANYONE, "What waits for me"),
    Command("patient add", patient.Add, patient.add, "patients", "Add a patient; you get a code to use instead of the name", private=True),
    Command("patient show", patient_named.Named, patient.show, "patients", "Show a patient of yours"),
    Command("patient find", patient.Find, patient.find, "names", "Find a patient of yours by record number or name", private=True),
    Command("patient edit", patient.Edit, patient.edit, "patients", "Change a goal, language, consent or contact", private=True),
    Command("patient let in", patient_access.WithMember, patient_access.let_in, "patients", "Put a member on a patient's care team"),
    Command("patient let out", patient_access.WithMember, patient_access.let_out, "patients", "Take a member off a patient's care team"),
    Command("patient timeline", patient_named.Named, patient_access.timeline, "patients", "What happened with a patient"),
    Command("break-glass", patient_access.Glass, patient_access.break_glass, "patients", "See a patient you are not caring for; the lead is told", ("break glass",)),
    Command("assess", assess.Assess, assess.assess, "measures", "Enter measures: scores, answers, checklists", ("measure",), asks_privately=True),
    Command("assess correct", assess.Correct, assess.correct, "measures", "Correct an entry; the old one is kept", asks_privately=True),
    Command("assess remove", assess.Remove, assess.remove, "measures", "Take an entry back; it is kept, but counts no more", asks_privately=True),
    Command("assess show", assess_card.Which, assess_card.show, "patients", "A patient's measures so far"),
    Command("chart", chart.Which, chart.show, "measures", "Draw a patient's measures over time", ("chart show",)),
    Command("due", due.Which, due.list_due, "patients", "Which measures are due: of my patients, or the team's"),
    Command("entry link", entry.Link, entry.link, "measures", "Make a link by which a patient answers on their own phone", ("entry",), private=True),
    Command("entry revoke", entry.Named, entry.revoke, "measures", "End the links of a patient"),
    Command("outstanding", patient_named.Named, outstanding_show.show, "patients", "All that is outstanding for a patient, and what closes it", ("issues",)),
    Command("agenda add", agenda_ask.Add, agenda_ask.add, "patients", "Put a question about a patient before the next conference"),
    Command("agenda withdraw", agenda_ask.Back, agenda_ask.withdraw, "patients", "Take back a question to the conference"),
    Command("contact", contact.Reached, contact.note, "patients", "Note that a patient was reached, or that you tried"),
    Command("report arrived", contact.There, contact.report, "patients", "Note that a report about a patient is there", ("report",)),
    Command("agenda", agenda.Which, agenda.show, TEAM, "The agenda of the next conference: who is on, why, and who is not", ("agenda show",)),
    Command("agenda waiting", agenda.Which, agenda.waiting, TEAM, "Everybody who is not on the agenda, why, and when they come"),
    Command("agenda pin", agenda_wish.Named, agenda_wish.pin, "conference", "Keep somebody on the agenda"),
    Command("agenda move", agenda_wish.Placed, agenda_wish.move, "conference", "Give somebody a place on the agenda"),
    Command("agenda retime", agenda_wish.Timed, agenda_wish.retime, "conference", "Give somebody's item other minutes"),
    Command("agenda defer", agenda_wish.Deferred, agenda_wish.defer, "conference", "Take somebody off the agenda until later, with why"),
    Command("agenda bring", agenda_wish.Brought, agenda_wish.bring, "conference", "Bring somebody in with a question", ("agenda bring in",)),
    Command("agenda release", agenda_wish.Named, agenda_wish.release, "conference", "Take back what was wished for somebody"),
    Command("agenda post", agenda.Which, agenda.post_it, "conference", "Post the agenda now; later changes are told"),
    Command("agenda board", command.Nothing, agenda_board.put_up, TEAM, "Keep the draft of the next agenda up to date in this room"),
    Command("agenda hours", agenda_habits.Posting, agenda_habits.posting, "conference", "How many working days before, and when, agendas are posted"),
    Command("agenda quorum", agenda_habits.Needed, agenda_habits.quorum, "conference", "Which disciplines a conference needs"),
    Command("conference schedule", conference_schedule.Schedule, conference_schedule.schedule, "conference", "Plan a series of conferences, or one", ("schedule", "schedule conference")),
    Command("conference list", command.Nothing, conference_list.list_them, TEAM, "Which conferences are planned", ("conferences",)),
    Command("conference move", conference_move.Move, conference_move.move_it, "conference", "Move one conference"),
    Command("conference cancel", conference_cancel.Cancel, conference_cancel.cancel, "conference", "Cancel one conference, or end a series"),
    Command("conference restore", conference_cancel.Restore, conference_cancel.restore, "conference", "Hold a cancelled conference after all, or a series on a public holiday"),
    Command("conference lengthen", conference_move.Lengthen, conference_move.lengthen, "conference", "Make one conference longer or shorter"),
    Command("conference place", conference_move.Place, conference_move.place, "conference", "Say where one conference is held"),
    Command("conference invite", conference_invite.Invite, conference_invite.invite, "conference", "Invite a member, a discipline, somebody outside, or a patient to their item", ("invite",), asks_privately=True),
    Command("conference uninvite", conference_invite.Uninvite, conference_invite.uninvite, "conference", "Take an invitation back", ("uninvite",)),
    Command("conference change", series_change.Change, series_change.change, "conference", "Change a series from a date on", ("series change",)),
    Command("conference show", conference_list.Named, conference_list.show, TEAM, "Show one conference as it stands"),
    Command("conference accept", answer_chat.Invitation, answer_chat.accept, TEAM, "Say that you come to a conference, or to all of a series", ("coming",)),
    Command("conference maybe", answer_chat.Invitation, answer_chat.maybe, TEAM, "Say that you may come"),
    Command("conference decline", answer_chat.Declined, answer_chat.decline, TEAM, "Say that you can't come; somebody else is asked", ("not coming",)),
    Command("conference remind", remind.Wish, remind.wish, TEAM, "How long before conferences you are reminded: week, day, hour or none"),
    Command("conference poll", poll_ask.Ask, poll_ask.open_poll, "conference", "Ask the team when it can meet", ("poll", "find a time")),
    Command("poll turn", poll.Slot, poll.turn, TEAM, "Say that you can come at a time, or take it back"),
    Command("poll answer", poll.Slots, poll.answer, TEAM, "Say at which times you can come", ("poll can",)),
    Command("poll take", poll.Slot, poll.take_it, "conference", "Take one of the times"),
    Command("poll close", poll.Named, poll.end, "conference", "End a poll without a choice"),
    Command("invite again", calendar_link.Again, calendar_link.again, "conference", "Send somebody an invitation by mail again"),
    Command("calendar link", calendar_link.Link, calendar_link.link, TEAM, "A secret address of your own calendar, for your calendar program", ("calendar",), private=True),
    Command("calendar mail", calendar_link.Mailbox, calendar_link.mailbox, TEAM, "Say where invitations are sent to you", private=True),
    Command("calendar free", busy.Free, busy.free, TEAM, "Share your own calendar, so that times are proposed when you are free", ("free busy",), private=True),
    Command("calendar end", command.Nothing, calendar_link.end, TEAM, "End the address of your calendar"),
    Command("conference screen", conference_screen.Wanted, conference_screen.link, TEAM, "A link for a screen that follows the conference", ("screen",)),
    Command("conference papers", conference_papers.Wanted, conference_papers.papers, TEAM, "The agenda or the minutes as a file to print", ("papers",)),
    Command("conference start", session_step.Which, conference_start.start, "conference", "Begin a conference, or go on with one ended too early"),
    Command("conference join", session_step.Which, session_roll.join, TEAM, "Say that you are at the conference", ("here", "present")),
    Command("conference leave", session_roll.Gone, session_roll.go, TEAM, "Say that you, or a guest, have left the conference"),
    Command("conference guest", session_roll.Guest, session_roll.guest, TEAM, "Say who is at the conference without an account", ("guest",)),
    Command("conference chair", session_roll.Part, session_roll.chair, TEAM, "Chair the conference, or name who does", ("chair",)),
    Command("conference scribe", session_roll.Part, session_roll.scribe, TEAM, "Write its minutes, or name who does", ("scribe",)),
    Command("conference next", conference_items.Next, conference_items.go_on, TEAM, "The item is done; the next one comes", ("next",)),
    Command("conference park", conference_items.Closed, conference_items.park, TEAM, "Put the item aside until the end of the conference", ("park",)),
    Command("conference skip", conference_items.Closed, conference_items.skip, TEAM, "Leave an item out; it comes again next time", ("conference leave out",)),
    Command("conference extend", conference_items.More, conference_items.more_time, TEAM, "Give the item more minutes", ("extend",)),
    Command("conference take", conference_items.Whose, conference_items.take_now, TEAM, "Take an item of the agenda at once", ("take",)),
    Command("conference bring", conference_items.Brought, conference_items.bring_in, TEAM, "Bring in somebody who is not on the agenda", ("bring",)),
    Command("conference decide", conference_record.Decide, conference_record.decide, TEAM, "Write a decision down, with why", ("decide",)),
    Command("conference act", conference_record.Act, conference_record.act, TEAM, "Write down who does what until when", ("act",)),
    Command("conference barrier", conference_record.Say, conference_record.barrier, TEAM, "Write down what stands in the way", ("barrier",)),
    Command("conference goal", conference_record.Say, conference_record.goal, TEAM, "Write a goal down, in the person's words", ("goal",)),
    Command("conference refer", conference_record.Refer, conference_record.refer, TEAM, "Write a referral down", ("refer",)),
    Command("conference note", conference_record.Say, conference_record.note, TEAM, "Write a note into the care plan", ("note",)),
    Command("conference undo", command.Nothing, conference_record.undo, TEAM, "Take back what the conference wrote last"),
    Command("conference end", session_step.Which, conference_end.end_it, TEAM, "End the conference; what was not reached comes again"),
    Command("conference billing", conference_minutes.Named, conference_billing.show, TEAM, "Times and people of a conference beside what billing asks for"),
    Command("minutes", session_step.Which, conference_minutes.read, TEAM, "The minutes of a conference", ("conference minutes", "minutes show")),
    Command("minutes correct", conference_minutes.Correct, conference_minutes.correct, TEAM, "Say what the minutes should say of an item"),
    Command("minutes remark", conference_minutes.Remark, conference_minutes.remark, TEAM, "Say what the minutes should say of the whole"),
    Command("minutes attended", conference_minutes.Attended, conference_minutes.attended, TEAM, "Correct who was at a conference, and when"),
    Command("minutes sign", conference_minutes.Named, conference_minutes.sign_it, TEAM, "Sign the minutes; from then on they stay as they are"),
    Command("minutes amend", conference_minutes.Amend, conference_minutes.amend, TEAM, "Add to signed minutes what was wrong or is missing"),
    Command("away", absence.Away, absence.away, TEAM, "Send what is asked of you to your cover"),
    Command("back", command.Nothing, absence.back, TEAM, "End your absence"),
    Command("team setup", team.SetUp, team.set_up, ANYONE, "Set up this channel's team", ("setup", "team set up"), holds=team.as_it_is),
    Command("team join", roster.Join, roster.join, ANYONE, "Join this channel's team with your role", ("join",)),
    Command("team leave", command.Nothing, roster.leave, TEAM, "Leave the team, and the access that goes with it"),
    Command("team show", command.Nothing, roster.show, TEAM, "Who is in the team, and who is away", ("team", "roster")),
    Command("team role", roster.GiveRole, roster.give_role, "lead", "Give a member another role"),
    Command("team lead", roster.Lead, roster.lead, "lead", "Name the lead"),
    Command("team detail", team.RoomDetail, team.detail, "lead", "Say how much of a patient this room may show"),
    Command("team help", team_help.HelpLines, team_help.help_lines, "lead", "Say which help lines patients are shown"),
    Command("team connect", team.Connect, team.connect, ANYONE, "Let your team work in this room too"),
    Command("pathway show", pathway_show.Which, pathway_show.show, TEAM, "The triage rules in force, or one with its numbers and source", ("pathway", "rules")),
    Command("pathway check", pathway_show.Pasted, pathway_show.check, TEAM, "Whether a definition holds together, with the line that does not"),
    Command("pathway diff", pathway_show.Named, pathway_show.diff, TEAM, "What a version of the pathway would change"),
    Command("pathway propose", pathway_change.Setting, pathway_change.propose, "pathway", "Propose another threshold for a rule"),
    Command("pathway simulate", pathway_show.Named, pathway_replay.replay, "pathway", "Try a version of the pathway on the past"),
    Command("pathway approve", pathway_show.Named, pathway_change.approve, "pathway", "Be for a version; the second person puts it in force"),
    Command("pathway reject", pathway_change.Reasoned, pathway_change.reject, "pathway", "End a proposed version, with why"),
    Command("pathway steering", command.Nothing, pathway_steering.show, TEAM, "Who may change the pathway"),
    Command("pathway steering add", pathway_steering.Newcomer, pathway_steering.add, TEAM, "Put somebody into the steering group"),
    Command("pathway steering remove", pathway_steering.Leaver, pathway_steering.remove, TEAM, "Take somebody out of the steering group"),
    Command("link account", person.LinkAccount, person.link_account, ANYONE, "Link your account on the other platform"),
    Command("link code", person.LinkCode, person.link_code, ANYONE, "Type the code that your other account was sent"),
    Command("resume", command.Nothing, _resume, ANYONE, "Go on with a form that was put aside"),
    Command("help", help.About, _help, ANYONE, "What you can do here, or how one command is used"),
)  # fmt: skip
