-- The owner of these functions is subject to row security (its policy lets everything through), and then the planner will
-- not look at statistics of text columns: it takes 1 % for every match and reads small tables whole, testing each name
-- for similarity. A row that is looked at counts more here, so that the GIN index is taken at any size.
ALTER FUNCTION crm.search_people(text, int) SET cpu_tuple_cost = 1;--> statement-breakpoint
ALTER FUNCTION crm.search_companies(text, int) SET cpu_tuple_cost = 1;--> statement-breakpoint
ALTER FUNCTION intel.search_mail_candidates(text[], int) SET cpu_tuple_cost = 1;
