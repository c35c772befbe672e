"""How long drift detection takes for ten stacks, beside what the cores of the machine allow.

One deployment in the sandbox, and its four stacks checked as ten: copies of a stack's directory
share its state, which is only read. First each is checked alone, then all of them side by side.
The least that is possible is the slowest alone, and no less than all of them alone divided by the
cores; the goal is at most 1.5 times as long. Since nothing was changed by hand, each of the twenty
checks in a row has to find nothing.
"""
