"""Whether service users may set what their fragments set, over the configuration as a whole and as Postfix expands it."""

import re

from candidate import effective, place
from classes import Class, class_of, is_of_transport
from restrictions import classes_of, is_list, list_problem, restrictions_of
from values import Rules, path_problem, value_problem

REFERENCE = re.compile(r"\$[({\s]*([A-Za-z0-9_]+)")
# Other in each program, and postconf has values of its own for them.
OF_A_PROCESS = {"process_id", "process_name", "service_name"}
# What the gate adds: what counts of a parameter, judged as that.
OWN_NAME = "main_"
ANY = Class("any")
A_LIST = Class("restrictions")


def references(value):
    return set(REFERENCE.findall(value.replace("$$", "")))


def plain(value):
    """As postconf prints it."""
    return " ".join(re.split(r"[ \t]+", value)).strip()


class Judgement:
    def __init__(self, settings, maps, allowed=()):
        self.settings = settings
        self.counting = effective(settings)
        self.allowed = set(allowed)
        self.maps = maps
        self.theirs = {name: each for name, each in self.counting.items() if not each.trusted}
        self.of_stack = {each.name for each in settings if each.trusted}

    def names(self):
        """What can be said before Postfix is asked: names that are the stack's alone, and paths."""
        declared = [classes_of(each.value) for each in self.settings if each.name == "smtpd_restriction_classes"]
        classes = None if None in declared else {name for name in set().union(*declared) if class_of(name) is None}
        for each in self.settings:
            problem = self.name_problem(each) if not each.trusted else None
            if problem is None and classes is not None and is_list(each.name, classes):
                problem = list_problem(each.value, classes)
            if problem:
                yield f"{place(each)}: {problem}"

    def name_problem(self, setting):
        each = class_of(setting.name)
        if each is None and setting.name in self.of_stack:
            return f"'{setting.name}' is a name that the stack uses, so service users cannot set it: choose another name"
        problem = each.objection(setting.name) if each and setting.name not in self.allowed else None
        return problem or path_problem(setting.name, each.kind if each else "", setting.value, self.maps)

    def expanded(self, postfix):
        """What can be said once Postfix has read the whole."""
        yield from self.differences(postfix)
        unclassified = postfix.known(sorted(name for name in self.theirs if class_of(name) is None))
        for name in sorted(unclassified):
            yield f"{place(self.theirs[name])}: '{name}' is a parameter of Postfix that nobody classified: report it, please"
        declared = postfix.expanded.get("smtpd_restriction_classes", "")
        self.rules = Rules(self.maps, classes_of(declared) or (), self.policy_services())
        for name, setting in self.theirs.items():
            yield from self.values(postfix, name, setting)
        yield from self.addresses_of_stack(postfix)
        yield from self.used_elsewhere(postfix)

    def addresses_of_stack(self, postfix):
        """The stack cannot know what a host has; everything else that it sets is its own business."""
        for name, setting in self.counting.items():
            rule = class_of(name) if setting.trusted else None
            problem = (
                value_problem(name, rule, postfix.expanded.get(name, ""), self.rules)
                if rule and rule.kind == "own-address"
                else None
            )
            if problem:
                yield f"{place(setting)}: {problem}"

    def differences(self, postfix):
        """Nothing is judged that Postfix reads differently."""
        unused = postfix.unused()[0]
        for name, setting in self.counting.items():
            if name in postfix.raw:
                if postfix.raw[name] != plain(setting.value):
                    yield f"{place(setting)}: Postfix reads '{name}' differently than it stands there"
            elif name not in unused:
                yield f"{place(setting)}: Postfix does not find '{name}'"
            elif not is_of_transport(name):
                yield f"{place(setting)}: unknown parameter '{name}': no part of Postfix uses it"
            elif "$" in setting.value:
                yield f"{place(setting)}: '{name}' is of a transport that is not there: give a value without other parameters"

    def policy_services(self):
        """Those that the stack asks itself."""
        trusted = [each.value for each in self.settings if each.trusted and is_list(each.name, ())]
        found = [entry for value in trusted for entry in restrictions_of(value)]
        return {plain(argument or "") for word, argument in found if word.lower() == "check_policy_service"}

    def rule_of(self, name):
        if name in self.allowed:
            return ANY
        return class_of(name) or (A_LIST if name.lower() in self.rules.classes else ANY)

    def values(self, postfix, name, setting):
        rule = self.rule_of(name)
        value = postfix.expanded.get(name, setting.value)
        problem = value_problem(name, rule, value, self.rules)
        if problem is None and rule is not ANY:
            problem = self.problem_in_context(postfix, name, setting, rule)
        if problem:
            yield f"{place(setting)}: {problem}{self.made_of(postfix, setting)}"

    def closure(self, postfix, value):
        """Every parameter that a value depends on."""
        found, left = set(), references(value)
        while left:
            name = left.pop()
            found.add(name)
            left |= references(postfix.raw.get(name, "")) - found
        return found

    def problem_in_context(self, postfix, name, setting, rule):
        """Of what a service has in master.cf for itself the value must be good, too; and while Postfix is under stress."""
        needed = self.closure(postfix, setting.value)
        if needed & OF_A_PROCESS and rule.kind != "text":
            return f"'{name}' depends on '${min(needed & OF_A_PROCESS)}', which each program has its own of: write the value itself"
        contexts = [{"stress": "yes"}] if "stress" in needed else []
        contexts += [own for own in postfix.overrides.values() if needed & own.keys()]
        for context in contexts if rule.kind != "text" else []:
            value = postfix.in_context(context, [name]).get(name, "")
            problem = value_problem(name, rule, value, self.rules)
            if problem:
                return problem
        return None

    def made_of(self, postfix, setting):
        """Where else the value comes from."""
        others = [self.theirs[name] for name in sorted(self.closure(postfix, setting.value)) if name in self.theirs]
        return f" (with {', '.join(f'${each.name} of {place(each)}' for each in others)})" if others else ""

    def used_elsewhere(self, postfix):
        """What service users define for themselves must not change what is not theirs to set."""
        causes = {name: name for name in self.theirs if class_of(name) is None}
        others = {name: value for name, value in postfix.raw.items() if name not in self.theirs and not name.startswith(OWN_NAME)}
        reached = {}
        grown = bool(causes)
        while grown:
            grown = False
            for name, value in others.items():
                through = min(references(value) & causes.keys(), default=None)
                if through is None or name in reached or name in causes:
                    continue
                grown = True
                # Parameters of Postfix are judged themselves; names of the stack hand on what they are made of.
                (reached if class_of(name) else causes)[name] = causes[through]
        for name, cause in reached.items():
            each = self.rule_of(name)
            problem = each.objection(name) or value_problem(name, each, postfix.expanded.get(name, ""), self.rules)
            if problem:
                yield f"{place(self.theirs[cause])}: '{cause}' is a part of '{name}': {problem}"
        for service, own in postfix.overrides.items():
            for name, value in own.items():
                through = min(references(value) & causes.keys(), default=None)
                if through is not None:
                    setting = self.theirs[causes[through]]
                    yield f"{place(setting)}: '{setting.name}' is a part of '{name}' of the service {service} in master.cf: choose another name"
