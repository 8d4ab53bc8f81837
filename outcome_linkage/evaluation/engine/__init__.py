"""From a valid study and the marts to the tables of one evaluation.

`inputs` says what is read and `facts` writes the study itself as small tables. Each other file is one step,
whose SQL can be read as it stands. `plan` puts the steps in order, `run` takes them, `store` keeps what came
out.
"""
