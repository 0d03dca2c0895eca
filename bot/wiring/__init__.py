"""The packages in their order, the policy table, the tasks: what is put together from all of them."""
